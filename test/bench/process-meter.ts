import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Milliseconds of processor time that a process has used, all threads, user and system: from
 * /proc/<pid>/task/*\/schedstat (nanoseconds), since /proc/<pid>/stat counts in steps of 10 ms.
 */
export function cpuMs(pid: number): number {
  let nanoseconds = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
  }
  return nanoseconds / 1e6
}

/** MiB in memory now. */
export function residentMiB(pid: number): number {
  return statusMiB(pid, 'VmRSS')
}

/** MiB in memory at most since `forgetPeak`. */
export function peakMiB(pid: number): number {
  return statusMiB(pid, 'VmHWM')
}

/** Starts the peak anew (proc(5), clear_refs: 5). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function statusMiB(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  if (kib === undefined) throw new Error(`/proc/${pid}/status has no ${field}`)
  return Number(kib) / 1024
}

/** How long anything in the background may take; a process that is still busy then will always be. */
const mostWaitMs = 30_000

/** Waits until a process has hardly worked for a while: what it does in the background is done. */
export async function untilQuiet(pid: number, quietMs = 800): Promise<void> {
  const until = performance.now() + mostWaitMs
  for (;;) {
    const before = cpuMs(pid)
    await new Promise((resolve) => setTimeout(resolve, quietMs))
    if (cpuMs(pid) - before < quietMs * 0.01) return
    if (performance.now() > until) throw new Error(`process ${pid} does not come to rest`)
  }
}
