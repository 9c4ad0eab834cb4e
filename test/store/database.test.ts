import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { DatabaseRefused, openDatabase } from '../../server/store/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A process that opens databases; `open` answers how it went. */
async function opener() {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../support/open-databases.ts', import.meta.url))],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  onTestFinished(() => void child.kill())
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  expect(await next()).toBe('ready')
  return {
    open(storageDir: string): Promise<string> {
      child.stdin.write(`${storageDir}\n`)
      return next()
    },
  }
}

it('is made by two servers at the same moment, as often as that may happen', async () => {
  const two = await Promise.all([opener(), opener()])
  for (let round = 0; round < 20; round += 1) {
    const storageDir = temporaryFolder()
    expect(await Promise.all(two.map((process) => process.open(storageDir)))).toEqual(['opened', 'opened'])
  }
})

it('is refused in one sentence where there can be no folder for it', () => {
  const file = path.join(temporaryFolder(), 'taken')
  writeFileSync(file, '')
  for (const storageDir of [file, path.join(file, 'below')]) {
    expect(() => openDatabase(storageDir, () => 0)).toThrow(DatabaseRefused)
    expect(() => openDatabase(storageDir, () => 0)).toThrow(
      `STORAGE_DIR got "${storageDir}"; it takes a folder`,
    )
  }
})
