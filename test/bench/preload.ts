import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** Loaded into the measured server by `--import`: meters that the product itself knows nothing of. */
export type ToServer = 'reset' | 'read'
export interface FromServer {
  /** The longest time between two turns of the event loop, milliseconds. */
  longestPauseMs: number
  /** The most processor time that the main thread took in such a gap: what others on the core took is not in it. */
  longestBusyMs: number
  /** Files opened. */
  opens: number
  /** What the process itself says of its memory after a collection, MiB. */
  usedMiB: number
}

let opens = 0
let longestPauseMs = 0
let longestBusyMs = 0

// Every way to open a file that the product uses ends in one of these.
const { open, openSync } = fs
fs.open = new Proxy(open, {
  apply(target, self, args) {
    opens += 1
    return Reflect.apply(target, self, args)
  },
})
fs.openSync = (...args) => {
  opens += 1
  return openSync(...args)
}
const openPromise = fs.promises.open
fs.promises.open = (...args) => {
  opens += 1
  return openPromise(...args)
}
syncBuiltinESMExports()

let lastAt = performance.now()
let lastBusy = threadMs()
setInterval(() => {
  const at = performance.now()
  const busy = threadMs()
  longestPauseMs = Math.max(longestPauseMs, at - lastAt)
  longestBusyMs = Math.max(longestBusyMs, busy - lastBusy)
  lastAt = at
  lastBusy = busy
}, 1).unref()

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

process.on('message', (question: ToServer) => {
  if (question === 'reset') {
    opens = 0
    longestPauseMs = 0
    longestBusyMs = 0
  }
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ longestPauseMs, longestBusyMs, opens, usedMiB: (heapUsed + external) / 2 ** 20 })
})
process.channel?.unref()
