import { execFileSync, spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

/** The cores that the two sides of every measure run on; undefined where there is no way to choose. */
export interface Cores {
  server: string
  load: string
}

/** One core for what is measured and one for what loads it, where `taskset` and two cores are there. */
export function chooseCores(): Cores | undefined {
  const hasTaskset = spawnSync('taskset', ['--version']).status === 0
  return hasTaskset && cpus().length > 1 ? { server: '1', load: '0' } : undefined
}

/** Moves this process, which makes the load, to its core. */
export function pinThisProcess(cores: Cores | undefined): void {
  if (cores) execFileSync('taskset', ['-a', '-c', '-p', cores.load, String(process.pid)])
}

/** Starts a program that may run on every core although this process is pinned. */
export async function onEveryCore<T>(cores: Cores | undefined, start: () => Promise<T>): Promise<T> {
  if (!cores) return start()
  const pin = (list: string) => execFileSync('taskset', ['-a', '-c', '-p', list, String(process.pid)])
  pin(`0-${cpus().length - 1}`)
  try {
    return await start()
  } finally {
    pin(cores.load)
  }
}

/** What the figures depend on, one fact a line. */
export function describeMachine(folder: string, cores: Cores | undefined): string[] {
  const models = cpus()
  return [
    `Node ${process.version}, ${process.platform} ${process.arch}`,
    `CPU: ${models[0]?.model.trim() ?? 'unknown'}, ${models.length} cores; ${
      cores ? `server on core ${cores.server}, load on core ${cores.load}` : 'nothing pinned (no taskset)'
    }`,
    `storage on ${describeDisk(folder)}`,
  ]
}

/** The device and the file system that a folder lies on. */
function describeDisk(folder: string): string {
  const asked = spawnSync('df', ['-PT', folder], { encoding: 'utf8' })
  const [device, type] = (asked.stdout ?? '').split('\n')[1]?.split(/\s+/) ?? []
  return device === undefined || type === undefined ? 'an unknown disk' : `${device} (${type})`
}
