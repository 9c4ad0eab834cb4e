import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
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

const badFolders: [what: string, make: (own: string) => string][] = [
  ['a file', (own) => fileIn(own)],
  ['a folder in a file', (own) => path.join(fileIn(own), 'below', 'it')],
  ['a link to nowhere', (own) => linkIn(own)],
]

function fileIn(folder: string): string {
  const file = path.join(folder, 'taken')
  writeFileSync(file, '', { mode: 0o777 })
  return file
}

function linkIn(folder: string): string {
  const link = path.join(folder, 'link')
  symlinkSync(path.join(folder, 'gone', 'away'), link)
  return link
}

function refusalOf(storageDir: string): RegExp {
  return new RegExp(`^STORAGE_DIR got "${storageDir}"; it takes a folder .* \\([A-Z_]+\\)\\.$`)
}

it.each(badFolders)('is refused in one sentence where its folder would be %s', (_what, make) => {
  const storageDir = make(temporaryFolder())
  expect(() => openDatabase(storageDir, () => 0)).toThrow(DatabaseRefused)
  expect(() => openDatabase(storageDir, () => 0)).toThrow(refusalOf(storageDir))
})

it.each(['', 'below', 'easel.sqlite', 'owners', 'owners/opening'])(
  'is refused in one sentence where nothing may be written: %s',
  (place) => {
    const folder = temporaryFolder()
    const storageDir = place === 'below' ? path.join(folder, place) : folder
    if (place !== 'below') openDatabase(folder, () => 0).close()
    // Nobody is kept from it but by these modes; the root user is by none.
    for (const left of readdirSync(folder, { recursive: true }))
      chmodSync(path.join(folder, String(left)), 0o777)
    chmodSync(folder, 0o777)
    chmodSync(place === 'below' ? folder : path.join(folder, place), 0o555)
    onTestFinished(() => chmodSync(folder, 0o755))
    asNobody(() => expect(() => openDatabase(storageDir, () => 0)).toThrow(refusalOf(storageDir)))
  },
)

/** Does something as a user without rights, if the tests run as root. */
function asNobody(act: () => void): void {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    act()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

it.each<[what: string, storageDir: () => string, line: RegExp]>([
  ['a file system without folders', () => '/proc/nope', refusalOf('/proc/nope')],
  ['a folder on such a file system', () => '/proc', refusalOf('/proc')],
  ['a folder where a file belongs', withFolderForSecret, /^Easel cannot start: EISDIR: .* STORAGE_DIR\.$/],
])('ends the start with one line where the storage folder is %s', (_what, make, line) => {
  const ended = spawnSync(process.execPath, ['server/main.ts'], {
    env: { STORAGE_DIR: make(), PORT: '0' },
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(ended.stderr.trimEnd()).toMatch(line)
  expect(ended).toMatchObject({ status: 1, stdout: '' })
})

function withFolderForSecret(): string {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, 'session-secret'))
  return folder
}
