import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/* Loaded into the measured server by `--import`: meters that the product itself knows nothing of. */

/** To begin anew and watch the event loop; to stop watching. Either is answered with what was seen until then. */
export type ToServer = 'watch' | 'stop'
export interface FromServer {
  /** The longest time between two turns of the event loop, milliseconds. */
  longestPauseMs: number
  /** The most processor time that the main thread took in such a gap: what others on the core took is not in it. */
  longestBusyMs: number
  /** Files opened. */
  opens: number
  /** What the process itself says of its memory, after a collection, MiB. */
  usedMiB: number
}

// Only here: the product runs without the flag.
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

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

let timer: NodeJS.Timeout | undefined

/** Looks every millisecond how long ago it last looked. */
function watchLoop(): void {
  let lastAt = performance.now()
  let lastBusy = threadMs()
  clearInterval(timer)
  timer = setInterval(() => {
    const at = performance.now()
    const busy = threadMs()
    longestPauseMs = Math.max(longestPauseMs, at - lastAt)
    longestBusyMs = Math.max(longestBusyMs, busy - lastBusy)
    lastAt = at
    lastBusy = busy
  }, 1)
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

process.on('message', (question: ToServer) => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ longestPauseMs, longestBusyMs, opens, usedMiB: (heapUsed + external) / 2 ** 20 })
  if (question === 'watch') {
    opens = 0
    longestPauseMs = 0
    longestBusyMs = 0
    watchLoop()
  } else {
    clearInterval(timer)
  }
})
process.channel?.unref()
