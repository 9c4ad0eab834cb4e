import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'

/** Brings one file to the disk on behalf of many who wait. */
export interface SharedSync {
  /**
   * Resolves when everything that was written to the file before the call is on the disk. All who ask within
   * one turn of the event loop, or while a sync is under way, share one.
   * @throws the system's error; what is on the disk is not known then.
   */
  synced(): Promise<void>
  /** Once is enough; more does no harm. */
  close(): void
}

/** Up to here a sync is done on the spot, milliseconds: handing it to a thread and back costs about as much. */
const quick = 1

/** @param file exists already, and is never replaced while this is open. */
export function openSharedSync(file: string): SharedSync {
  const descriptor = openSync(file, 'r')
  let isOpen = true
  let isRunning = false
  let isDue = false
  let waiting: PromiseWithResolvers<void> | undefined
  /** How long the last one took. */
  let tookMs = 0

  function begin(): void {
    isDue = false
    const mine = waiting
    if (!mine) return
    waiting = undefined
    const began = performance.now()
    if (tookMs <= quick) {
      try {
        fdatasyncSync(descriptor)
        mine.resolve()
      } catch (cause) {
        mine.reject(cause)
      }
      tookMs = performance.now() - began
      return
    }
    isRunning = true
    fdatasync(descriptor, (error) => {
      isRunning = false
      tookMs = performance.now() - began
      if (error) mine.reject(error)
      else mine.resolve()
      beginSoon()
    })
  }

  function beginSoon(): void {
    if (!waiting || isRunning || isDue) return
    isDue = true
    setImmediate(begin)
  }

  return {
    synced() {
      // Its number may be another file's by now.
      if (!isOpen) return Promise.reject(new Error(`${file} is closed`))
      waiting ??= Promise.withResolvers<void>()
      beginSoon()
      return waiting.promise
    },
    close() {
      if (isOpen) closeSync(descriptor)
      isOpen = false
    },
  }
}
