import { expect, test } from 'vitest'
import { assertFreeSpace } from '../../server/images/free-space.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('a disk with room takes pictures', async () => {
  await expect(assertFreeSpace(temporaryFolder(), { floor: 1 })).resolves.toBeUndefined()
})

test('a disk below the floor refuses them before anything is spent', async () => {
  const folder = temporaryFolder()
  await expect(assertFreeSpace(folder, { floor: Number.MAX_SAFE_INTEGER })).rejects.toMatchObject({
    code: 'storage_full',
    status: 507,
  })
  const free = () => Promise.resolve(9)
  await expect(assertFreeSpace(folder, { floor: 10, free })).rejects.toMatchObject({ code: 'storage_full' })
  await expect(assertFreeSpace(folder, { floor: 9, free })).resolves.toBeUndefined()
})
