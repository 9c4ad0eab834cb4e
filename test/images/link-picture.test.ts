import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { linkPicture } from '../../server/images/link-picture.ts'
import { failDisk, noLinks } from '../support/failing-disk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const newId = () => 'an-id-of-the-test'

function place() {
  const folder = temporaryFolder()
  const from = path.join(folder, 'a.png')
  writeFileSync(from, 'picture')
  return { folder, from, to: path.join(folder, 'b.png') }
}

const refuseLinks = (code: string) => failDisk({ verb: 'link', code, on: /./ })

it('gives a file a second name', async () => {
  const { from, to } = place()
  expect(await linkPicture(from, to, newId)).toBe(true)
  expect(statSync(to).ino).toBe(statSync(from).ino)
  expect(await linkPicture(from, to, newId)).toBe(true)
})

it.each(noLinks)('copies it whole where links end in %s', async (code) => {
  const { folder, from, to } = place()
  refuseLinks(code)
  expect(await linkPicture(from, to, newId)).toBe(true)
  expect(readFileSync(to, 'utf8')).toBe('picture')
  expect(statSync(to).ino).not.toBe(statSync(from).ino)
  expect(readdirSync(folder).toSorted()).toEqual(['a.png', 'b.png'])
})

it('leaves what stands under the name, linking or copying', async () => {
  const { folder, from, to } = place()
  writeFileSync(to, 'earlier')
  expect(await linkPicture(from, to, newId)).toBe(true)
  refuseLinks('EPERM')
  expect(await linkPicture(from, to, newId)).toBe(true)
  expect(readFileSync(to, 'utf8')).toBe('earlier')
  expect(readdirSync(folder).toSorted()).toEqual(['a.png', 'b.png'])
})

it('says so when the file is gone, linking or copying', async () => {
  const { folder, to } = place()
  const gone = path.join(folder, 'gone.png')
  expect(await linkPicture(gone, to, newId)).toBe(false)
  refuseLinks('EXDEV')
  expect(await linkPicture(gone, to, newId)).toBe(false)
  expect(readdirSync(folder)).toEqual(['a.png'])
})

it('tells a full disk from others, and passes on what it does not know', async () => {
  const { from, to } = place()
  const disk = refuseLinks('ENOSPC')
  await expect(linkPicture(from, to, newId)).rejects.toMatchObject({
    code: 'storage_full',
  })
  disk.mend()
  refuseLinks('EIO')
  await expect(linkPicture(from, to, newId)).rejects.toMatchObject({
    code: 'internal_error',
  })
})
