import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadSessionSecret, SecretRefused } from '../../server/accounts/session-secret.ts'
import { failDisk } from '../support/failing-disk.ts'

let parent: string
let folder: string
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'easel-secret-'))
  folder = path.join(parent, 'storage')
})
afterEach(() => {
  rmSync(parent, { recursive: true })
})

it('is made once, for its owner only, and leaves nothing else behind', () => {
  const made = loadSessionSecret(folder, undefined, randomBytes)
  expect(Buffer.byteLength(made)).toBeGreaterThanOrEqual(32)
  expect(loadSessionSecret(folder, undefined, randomBytes)).toBe(made)
  expect(readdirSync(folder)).toEqual(['session-secret'])
  expect(statSync(path.join(folder, 'session-secret')).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it('is the one of whoever came first', () => {
  let theirs: string | undefined
  const ours = loadSessionSecret(folder, undefined, (size) => {
    // Another process starts between our look and our writing.
    if (size === 48) theirs = loadSessionSecret(folder, undefined, randomBytes)
    return randomBytes(size)
  })
  expect(theirs).toBeDefined()
  expect(ours).toBe(theirs)
  expect(readdirSync(folder)).toEqual(['session-secret'])
})

it('is made where the file system has no hard links', () => {
  failDisk({ verb: 'link', code: 'EPERM', on: /session-secret/ })
  const made = loadSessionSecret(folder, undefined, randomBytes)
  expect(loadSessionSecret(folder, undefined, randomBytes)).toBe(made)
  expect(readdirSync(folder)).toEqual(['session-secret'])
})

it('is hidden again when its file was opened to others', () => {
  loadSessionSecret(folder, undefined, randomBytes)
  const file = path.join(folder, 'session-secret')
  chmodSync(file, 0o644)
  loadSessionSecret(folder, undefined, randomBytes)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('is not taken from a file that was cut short', () => {
  loadSessionSecret(folder, undefined, randomBytes)
  writeFileSync(path.join(folder, 'session-secret'), 'short\n')
  expect(() => loadSessionSecret(folder, undefined, randomBytes)).toThrow(SecretRefused)
})

it("is the operator's where one is set, and no file is made", () => {
  expect(loadSessionSecret(folder, 'the operator set this long secret', randomBytes)).toBe(
    'the operator set this long secret',
  )
  expect(readdirSync(parent)).toEqual([])
})
