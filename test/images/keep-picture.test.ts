import { createHash } from 'node:crypto'
import { existsSync, promises, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { conversationImages, ensureFolder, userUploads } from '../../server/images/folders.ts'
import { keepPicture, pictureFilename } from '../../server/images/keep-picture.ts'
import { sweepTemporary } from '../../server/images/sweep-temporary.ts'
import { failDisk, noLinks } from '../support/failing-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const id = '01990000-0000-7000-8000-000000000001'
const folder = conversationImages(id)
let ids = 0
const newId = () => `an-id-of-the-test-${(ids += 1)}`

async function storage() {
  const storageDir = temporaryFolder()
  const absolute = await ensureFolder(storageDir, folder)
  let made = 0
  function spool(text: string) {
    const file = path.join(absolute, `.tmp-${(made += 1)}`)
    writeFileSync(file, text)
    return { file, sha256: createHash('sha256').update(text).digest('hex'), bytes: text.length }
  }
  return { storageDir, absolute, spool }
}

describe.each([undefined, ...noLinks])('keeping a picture, links refused with %s', (code) => {
  beforeEach(() => void (code && failDisk({ verb: 'link', code })))

  test('gives it the name of its hash and leaves no temporary file', async () => {
    const { storageDir, absolute, spool } = await storage()
    const spooled = spool('bytes')
    const kept = await keepPicture(spooled, { storageDir, folder, newId })
    expect(kept.filename).toBe(`img_${spooled.sha256.slice(0, 16)}.png`)
    expect(kept.path).toBe(`conversations/${id}/images/${kept.filename}`)
    expect(readFileSync(path.join(storageDir, kept.path), 'utf8')).toBe('bytes')
    expect(readdirSync(absolute)).toEqual([kept.filename])
  })

  test('of the same bytes twice is one file, and the first one stays untouched', async () => {
    const { storageDir, absolute, spool } = await storage()
    const first = await keepPicture(spool('bytes'), { storageDir, folder, newId })
    const before = statSync(path.join(storageDir, first.path)).ino
    const second = await keepPicture(spool('bytes'), { storageDir, folder, newId })
    expect(second).toEqual(first)
    expect(statSync(path.join(storageDir, first.path)).ino).toBe(before)
    expect(readdirSync(absolute)).toEqual([first.filename])
  })

  test('of the same bytes many times at once is one file', async () => {
    const { storageDir, absolute, spool } = await storage()
    const all = await Promise.all(
      Array.from({ length: 8 }, () => keepPicture(spool('bytes'), { storageDir, folder, newId })),
    )
    expect(new Set(all.map((kept) => kept.filename)).size).toBe(1)
    expect(readdirSync(absolute)).toHaveLength(1)
  })

  test.each(['other', 'other bytes of another length'])(
    'never overwrites: "%s" under its name stay',
    async (text) => {
      const { storageDir, absolute, spool } = await storage()
      const spooled = spool('bytes')
      const taken = path.join(absolute, pictureFilename(spooled.sha256))
      writeFileSync(taken, text)
      await expect(keepPicture(spooled, { storageDir, folder, newId })).rejects.toMatchObject({
        code: 'internal_error',
      })
      expect(readFileSync(taken, 'utf8')).toBe(text)
      expect(existsSync(spooled.file)).toBe(true)
    },
  )

  test('may be done again after a crash, also when the temporary file is already gone', async () => {
    const { storageDir, spool } = await storage()
    const spooled = spool('bytes')
    const kept = await keepPicture(spooled, { storageDir, folder, newId })
    expect(await keepPicture(spooled, { storageDir, folder, newId })).toEqual(kept)
  })

  test('is done once more when the other picture with these bytes is deleted meanwhile', async () => {
    const { storageDir, absolute, spool } = await storage()
    const first = await keepPicture(spool('bytes'), { storageDir, folder, newId })
    const second = spool('bytes')
    beforeSync(absolute, () => rmSync(path.join(storageDir, first.path)))
    expect(await keepPicture(second, { storageDir, folder, newId })).toEqual(first)
    expect(readFileSync(path.join(storageDir, first.path), 'utf8')).toBe('bytes')
    expect(readdirSync(absolute)).toEqual([first.filename])
  })

  test('is not lost when the one that was just named is deleted with another picture of these bytes', async () => {
    const { storageDir, absolute, spool } = await storage()
    const spooled = spool('bytes')
    const final = path.join(absolute, pictureFilename(spooled.sha256))
    beforeSync(absolute, () => rmSync(final))
    await keepPicture(spooled, { storageDir, folder, newId })
    expect(readFileSync(final, 'utf8')).toBe('bytes')
    expect(readdirSync(absolute)).toEqual([path.basename(final)])
  })

  test('whose temporary file is gone says so', async () => {
    const { storageDir, spool } = await storage()
    const spooled = spool('bytes')
    rmSync(spooled.file)
    await expect(keepPicture(spooled, { storageDir, folder, newId })).rejects.toMatchObject({
      code: 'internal_error',
    })
  })
})

/** Does something once, right before the folder is synced. */
function beforeSync(absolute: string, act: () => void): void {
  const { open } = promises
  promises.open = async (file, flags, mode) => {
    if (file === absolute) {
      mend()
      act()
    }
    return open(file, flags, mode)
  }
  syncBuiltinESMExports()
  function mend(): void {
    promises.open = open
    syncBuiltinESMExports()
  }
  onTestFinished(mend)
}

describe('folders', () => {
  test('are made from stored ids only', () => {
    for (const bad of ['../../etc', '', 'short', `${id}/..`, `${id}\0`]) {
      expect(() => conversationImages(bad)).toThrow('stored id')
      expect(() => userUploads(bad)).toThrow('stored id')
    }
  })

  test('are for the server alone, and making them again changes nothing', async () => {
    const storageDir = temporaryFolder()
    const made = await ensureFolder(storageDir, folder)
    expect(statSync(made).mode & 0o777).toBe(0o700)
    expect(await ensureFolder(storageDir, folder)).toBe(made)
  })
})

test('the sweep after a crash takes old temporary files only, and none that is still needed', async () => {
  const { absolute, spool } = await storage()
  const [old, needed] = [spool('old'), spool('needed')]
  writeFileSync(path.join(absolute, 'img_0123456789abcdef.png'), 'picture')
  const now = statSync(old.file).mtimeMs
  expect(await sweepTemporary(absolute, { before: now - 1000 })).toBe(0)
  expect(await sweepTemporary(absolute, { before: now + 60_000, keep: new Set([needed.file]) })).toBe(1)
  expect(readdirSync(absolute).toSorted()).toEqual([path.basename(needed.file), 'img_0123456789abcdef.png'])
  expect(await sweepTemporary(path.join(absolute, 'nowhere'), { before: now })).toBe(0)
})
