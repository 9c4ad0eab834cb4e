import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Drawing in small steps: a generator that yields after a few rows, telling how many pixels it has touched.
 * So the loop that runs it can let others have the processor, and can stop.
 */
export type Work = Generator<number, void, undefined>

/** About four milliseconds of the costliest drawing on a slow core. */
const pixelsPerTurn = 40_000

/**
 * Runs the work to its end and gives the event loop a turn now and then.
 * @throws the signal's reason, when it was aborted
 */
export async function doWork(work: Work, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  let pixels = 0
  for (const touched of work) {
    pixels += touched
    if (pixels < pixelsPerTurn) continue
    pixels = 0
    await nextTurn()
    signal.throwIfAborted()
  }
}
