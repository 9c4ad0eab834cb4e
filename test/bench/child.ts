import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { FromServer, ToServer } from './preload.ts'

export interface ChildOptions {
  /** Relative to the repository. */
  script: string
  core: string | undefined
  env?: Record<string, string>
  args?: readonly string[]
  /** Loads the bench's own meters before the program. */
  metered?: boolean
}

/** A program in a process of its own that has said where it listens. */
export interface Child {
  pid: number
  url: string
  port: number
  /** Asks the meters of a metered program. */
  ask(question: ToServer): Promise<FromServer>
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const repository = path.resolve(import.meta.dirname, '../..')

/** Starts a program, on its core where there is a choice, and waits for its line `listening on http://…`. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { child, listening } = spawnChild(options)
  const url = await listening
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.script} has no process`)
  return {
    pid,
    url,
    port: Number(new URL(url).port),
    async ask(question) {
      child.send(question)
      // Only the preload answers, with what its own type says.
      const [answer] = (await once(child, 'message')) as [FromServer]
      return answer
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Starts a program and hands out its process at once. */
function spawnChild({ script, core, env = {}, args = [], metered = false }: ChildOptions): {
  child: ChildProcess
  listening: Promise<string>
} {
  const preload = metered ? ['--import', path.join(import.meta.dirname, 'preload.ts')] : []
  const command = [process.execPath, ...preload, path.join(repository, script), ...args]
  // taskset becomes the program, so the process is the same.
  const [file = '', ...rest] = core === undefined ? command : ['taskset', '-c', core, ...command]
  const child = spawn(file, rest, {
    cwd: repository,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(metered ? (['ipc'] as const) : [])],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const listening = new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
      const url = /listening on (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${said}`)))
  })
  return { child, listening }
}
