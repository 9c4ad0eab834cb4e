import { createHash } from 'node:crypto'
import type { PictureSink, PictureWriter } from '../../server/providers/provider.ts'

export interface KeptPicture {
  bytes: Buffer
  state: 'open' | 'finished' | 'discarded'
}

/** A sink that keeps pictures in memory; a `slow` one makes every write wait for a turn of the event loop. */
export function memorySink({ slow = false, fail }: { slow?: boolean; fail?: () => Error } = {}): {
  sink: PictureSink
  pictures: KeptPicture[]
} {
  const pictures: KeptPicture[] = []
  function open(): PictureWriter {
    const number = pictures.length
    const picture: KeptPicture = { bytes: Buffer.alloc(0), state: 'open' }
    let writing = false
    pictures.push(picture)
    return {
      write(bytes) {
        if (writing) throw new Error('bytes came before the earlier ones were taken')
        if (picture.state !== 'open') throw new Error(`bytes came when the picture was ${picture.state}`)
        if (fail) throw fail()
        picture.bytes = Buffer.concat([picture.bytes, bytes])
        if (!slow) return undefined
        writing = true
        return new Promise((resolve) => {
          setImmediate(() => {
            writing = false
            resolve()
          })
        })
      },
      finish() {
        picture.state = 'finished'
        const sha256 = createHash('sha256').update(picture.bytes).digest('hex')
        const bytes = picture.bytes.length
        return Promise.resolve({ file: `/nowhere/${number}`, sha256, width: 1, height: 1, bytes })
      },
      discard() {
        picture.state = 'discarded'
        return Promise.resolve()
      },
    }
  }
  return { sink: { open }, pictures }
}
