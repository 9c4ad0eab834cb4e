import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)

it('is not lost to another process that looks around and sweeps at the same moment', async () => {
  const storageDir = temporaryFolder()
  const program = fileURLToPath(new URL('../support/take-owner-locks.ts', import.meta.url))
  const told = await Promise.all(
    ['one', 'two'].map((name) => run(process.execPath, [program, storageDir, name, '80'])),
  )
  expect(told.map(({ stdout }) => stdout)).toEqual(['0', '0'])
  expect(readdirSync(path.join(storageDir, 'owners')).filter((name) => name.endsWith('.lock'))).toEqual([])
})
