import { residentMiB } from '../process-meter.ts'
import { askJson } from '../requests.ts'
import type { Child } from '../child.ts'
import type { Measure } from '../row.ts'
import { cpuMs } from '../process-meter.ts'
import { figure, median, ratios, spread } from '../statistics.ts'

interface Start {
  wallMs: number
  cpuMs: number
  restMiB: number
}

/** From the start of the process to its first answer, on a used database; and its memory when nothing happens. */
export const startUp: Measure = {
  name: 'start-up',
  async run({ world, quick }) {
    const bare: Start[] = []
    const ours: Start[] = []
    const startBare = () => start(() => world.startProgram('bare-server.ts'), '/')
    const startOurs = () => start(() => world.startEasel(), '/readyz')
    // The first start of each fills the compile cache.
    await startBare()
    await startOurs()
    for (let round = 0; round < (quick ? 3 : 15); round += 1) {
      bare.push(await startBare())
      ours.push(await startOurs())
    }
    const of = (starts: readonly Start[], what: keyof Start) => starts.map((each) => each[what])
    const wall = ratios(of(ours, 'wallMs'), of(bare, 'wallMs'))
    const cpu = ratios(of(ours, 'cpuMs'), of(bare, 'cpuMs'))
    const idle = median(of(ours, 'restMiB'))
    return [
      {
        measure: 'start to first answer, used database',
        figures: `bare ${spread(of(bare, 'wallMs'))}, ours ${spread(of(ours, 'wallMs'))} ms; CPU ${spread(
          of(bare, 'cpuMs'),
        )}, ${spread(of(ours, 'cpuMs'))} ms`,
        result: `${spread(wall)} × (CPU ${figure(median(cpu))} ×)`,
        reach: '≤ 5 × a bare node server',
        ok: median(wall) <= 5,
      },
      {
        measure: 'idle memory',
        figures: `bare ${spread(of(bare, 'restMiB'))}, ours ${spread(of(ours, 'restMiB'))} MiB`,
        result: `${figure(idle)} MiB`,
        reach: '≤ 150 MiB',
        ok: idle <= 150,
      },
    ]
  },
}

async function start(begin: () => Promise<Child>, path: string): Promise<Start> {
  const began = performance.now()
  const child = await begin()
  await askJson(child, 'GET', path)
  const wallMs = performance.now() - began
  const used = cpuMs(child.pid)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const restMiB = residentMiB(child.pid)
  await child.stop()
  return { wallMs, cpuMs: used, restMiB }
}
