import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { startChild, type Child } from './child.ts'
import type { Cores } from './machine.ts'
import { askJson } from './requests.ts'
import { seedConversations, type Seeded, type SeedUser } from './seed.ts'
import { Turns } from './turns.ts'

/** How many messages stand in a usual conversation, and in the longest one. */
export const usualLength = 20
export const longestLength = 100_000

export interface World {
  cores: Cores | undefined
  /** The storage folder of the measured server. */
  storageDir: string
  provider: Child
  /** What the provider is reached under, with its path. */
  providerUrl: string
  /** Messages to send, each in a conversation that is not busy. */
  turns: Turns
  conversations: Seeded
  /** Starts the product as people do, on the storage folder. */
  startEasel(options?: { metered?: boolean }): Promise<Child>
  startProgram(script: string, args?: readonly string[]): Promise<Child>
  /** A new empty folder on the same disk. */
  folder(name: string): string
  close(): Promise<void>
}

/** Makes a used storage folder: six users, many usual conversations, and some of 100,000 messages. */
export async function makeWorld(cores: Cores | undefined, quick: boolean): Promise<World> {
  // Inside the repository: a temporary folder may lie in memory, where a sync costs nothing.
  const results = path.join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const root = mkdtempSync(path.join(results, 'storage-'))
  const storageDir = path.join(root, 'easel')
  const provider = await startChild({ script: 'test/bench/programs/load-provider.ts', core: cores?.load })
  const providerUrl = `${provider.url}/api/v1`

  const startEasel = ({ metered = false } = {}) =>
    startChild({
      script: 'server/main.ts',
      core: cores?.server,
      metered,
      env: {
        STORAGE_DIR: storageDir,
        PORT: '0',
        REGISTRATION: 'open',
        LOG_LEVEL: 'warn',
        OPENROUTER_API_KEY: 'sk-or-bench',
        OPENROUTER_BASE_URL: providerUrl,
      },
    })

  const easel = await startEasel()
  const users: SeedUser[] = []
  for (const username of ['ada', 'bela', 'cleo', 'dora', 'emil', 'fina']) {
    const account = { username, password: 'correct horse battery staple' }
    const { body, cookie } = await askJson(easel, 'POST', '/api/auth/register', account)
    if (cookie === undefined) throw new Error(`${username} could not register: ${JSON.stringify(body)}`)
    users.push({ id: body.user.id, cookie })
  }
  await easel.stop()
  const seeded = seedConversations(storageDir, users, {
    // So many that none grows past its first summary while it is measured.
    usual: quick ? 800 : 3600,
    usualLength,
    longestLength,
  })

  return {
    cores,
    storageDir,
    provider,
    providerUrl,
    turns: new Turns(seeded),
    conversations: seeded,
    startEasel,
    startProgram: (script, args = []) =>
      startChild({ script: `test/bench/programs/${script}`, core: cores?.server, args }),
    folder(name) {
      const made = path.join(root, name)
      mkdirSync(made, { recursive: true })
      return made
    },
    async close() {
      await provider.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
