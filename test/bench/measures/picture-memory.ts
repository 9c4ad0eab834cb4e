import { forgetPeak, peakMiB, residentMiB, untilQuiet } from '../process-meter.ts'
import type { Measure } from '../row.ts'
import { figure, median, spread } from '../statistics.ts'
import { inParallel } from './streams.ts'
import { paintPicture } from './picture-cost.ts'

const atOnce = 32
const waitMs = 3000

/** Memory of pictures that are waited for and that arrive, and how long the event loop stands meanwhile. */
export const pictureMemory: Measure = {
  name: 'picture-memory',
  async run({ world, quick }) {
    const inFlight: number[] = []
    const waiting: number[] = []
    const waitingUsed: number[] = []
    const pauses: number[] = []
    const busy: number[] = []
    for (let round = 0; round < (quick ? 1 : 5); round += 1) {
      // A process of its own: memory that an earlier round took is never given back, and would hide the next one's.
      const easel = await world.startEasel({ metered: true })
      try {
        for (let warm = 0; warm < 8; warm += 1) await paintPicture(world, easel, 'kilobytes=100')
        await untilQuiet(easel.pid, 2000)
        const { usedMiB } = await easel.ask('watch')
        const before = residentMiB(easel.pid)
        const painting = inParallel(atOnce, atOnce, () => paintPicture(world, easel, `wait=${waitMs}`))
        await new Promise((resolve) => setTimeout(resolve, waitMs * 0.7))
        waiting.push((residentMiB(easel.pid) - before) / atOnce)
        waitingUsed.push(((await easel.ask('watch')).usedMiB - usedMiB) / atOnce)
        forgetPeak(easel.pid)
        await painting
        inFlight.push((peakMiB(easel.pid) - before) / atOnce)
        const meters = await easel.ask('stop')
        pauses.push(meters.longestPauseMs)
        busy.push(meters.longestBusyMs)
      } finally {
        await easel.stop()
      }
    }
    return [
      {
        measure: `memory a 2 MB picture in flight, ${atOnce} at once`,
        figures: `${spread(inFlight)} MiB`,
        result: `${figure(median(inFlight))} MiB`,
        reach: '≤ 4 MiB',
        ok: median(inFlight) <= 4,
      },
      {
        measure: 'memory a picture while only waiting for the provider',
        figures: `resident ${spread(waiting)}, in use ${spread(waitingUsed)} MiB`,
        result: `${figure(median(waiting))} MiB`,
        reach: '≤ 0.1 MiB',
        ok: median(waiting) <= 0.1,
      },
      {
        measure: `longest pause of the event loop while ${atOnce} pictures arrive`,
        figures: `${spread(pauses)} ms, of it own work ${spread(busy)} ms`,
        result: `${figure(median(pauses))} ms`,
        reach: '≤ 45 ms',
        ok: median(pauses) <= 45,
      },
    ]
  },
}
