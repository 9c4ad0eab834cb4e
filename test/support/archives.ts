import { buffer } from 'node:stream/consumers'
import { crc32, deflateRawSync } from 'node:zlib'
import { fromBufferPromise } from 'yauzl'
import type { Answer, Client } from './client.ts'

/** One file of a ZIP that a test makes by hand; what it says of itself need not be true. */
export interface ZipFile {
  name: string
  bytes: Buffer
  deflate?: boolean
  /** What it claims to hold, unpacked. */
  size?: number
  crc?: number
  /** The whole POSIX mode, for example 0o120777 for a symbolic link. */
  mode?: number
  /** General purpose flags beside the one for UTF-8 names. */
  flags?: number
}

/** A ZIP byte by byte (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16), honest only where the files are. */
export function zipOf(files: readonly ZipFile[], { announce = files.length } = {}): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const name = Buffer.from(file.name)
    const data = file.deflate ? deflateRawSync(file.bytes, { level: 9 }) : file.bytes
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800 | (file.flags ?? 0), 2)
    common.writeUInt16LE(file.deflate ? 8 : 0, 4)
    common.writeUInt32LE(file.crc ?? crc32(file.bytes), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(file.size ?? file.bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, data])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 6)
    rest.writeUInt32LE(offset, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, name)
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(announce & 0xffff, 8)
  end.writeUInt16LE(announce & 0xffff, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

/** What a ZIP holds, in its order. */
export async function filesIn(zip: Buffer): Promise<Map<string, Buffer>> {
  const opened = await fromBufferPromise(zip)
  const files = new Map<string, Buffer>()
  for await (const entry of opened.eachEntry()) {
    files.set(entry.fileName, await buffer(await opened.openReadStreamPromise(entry)))
  }
  return files
}

/** The same files as a ZIP again. */
export function zipAgain(files: ReadonlyMap<string, Buffer>): Buffer {
  return zipOf([...files].map(([name, bytes]) => ({ name, bytes, deflate: name.endsWith('.json') })))
}

/** Sends a file as a form does. */
export async function sendFile(client: Client, path: string, bytes: Buffer): Promise<Answer> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), 'file')
  const encoded = new Response(form)
  return client.ask('POST', path, {
    body: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  })
}
