import type { Child } from '../child.ts'
import { cpuMs, untilQuiet } from '../process-meter.ts'
import { askJson } from '../requests.ts'
import type { Bench, Measure } from '../row.ts'
import type { Send } from '../turns.ts'
import { figure, median, ratios, spread } from '../statistics.ts'
import { inParallel } from './streams.ts'

const atOnce = 4
const json = 'application/json'

/** Processor time of a 2 MB picture: fetched, checked, kept, synced, recorded. */
export const pictureCost: Measure = {
  name: 'picture-cost',
  async run({ world, quick }) {
    const easel = await world.startEasel()
    const plain = await world.startProgram('plain.ts', [world.providerUrl, world.folder('plain')])
    const arms = {
      plain: () => paintPlainly(plain),
      ours: () => paint(easel, world.turns.painted('/image a lighthouse on its rock wait=0 --raw', json)),
    } satisfies Record<string, () => Promise<unknown>>
    const pids = { plain: plain.pid, ours: easel.pid }
    const cost = { plain: [] as number[], ours: [] as number[] }
    const later: number[] = []
    const count = quick ? 8 : 24
    try {
      for (const arm of ['plain', 'ours'] as const) await inParallel<unknown>(count, atOnce, arms[arm])
      await untilQuiet(easel.pid, 2000)
      for (let round = 0; round < (quick ? 2 : 7); round += 1) {
        for (const arm of ['plain', 'ours'] as const) {
          const before = cpuMs(pids[arm])
          await inParallel<unknown>(count, atOnce, arms[arm])
          const done = cpuMs(pids[arm])
          cost[arm].push((done - before) / count)
          await untilQuiet(pids[arm], 2000)
          if (arm === 'ours') later.push((cpuMs(easel.pid) - done) / count)
        }
      }
    } finally {
      await easel.stop()
      await plain.stop()
    }
    const ratio = ratios(cost.ours, cost.plain)
    return [
      {
        measure: `CPU a 2 MB picture, ${atOnce} at once, each fourth the first of its conversation`,
        figures: `plain ${spread(cost.plain)}, ours ${spread(cost.ours)} ms`,
        result: `${spread(ratio)} ×`,
        reach: '≤ 0.75 × plain',
        ok: median(ratio) <= 0.75,
      },
      {
        measure: 'CPU of its description in the background afterwards (vision copy)',
        figures: `ours ${spread(later)} ms`,
        result: `${figure(median(later))} ms`,
        reach: '',
        ok: undefined,
      },
    ]
  },
}

/** One `/image` turn to its end, in a conversation of its own. */
export async function paintPicture(world: Bench['world'], easel: Child, wishes: string): Promise<Painted> {
  return paint(easel, world.turns.usual(`/image a lighthouse on its rock ${wishes} --raw`, json))
}

async function paint(easel: Child, turn: Send): Promise<Painted> {
  const { body } = await askJson(easel, 'POST', turn.path, JSON.parse(turn.body), turn.headers)
  const url: string | undefined = body?.generated_images?.[0]?.url
  if (body?.state !== 'complete' || url === undefined) {
    throw new Error(`no picture was painted: ${JSON.stringify(body).slice(0, 500)}`)
  }
  return { url, headers: turn.headers }
}

/** Where a picture is fetched, and as whom. */
export interface Painted {
  url: string
  headers: Record<string, string>
}

async function paintPlainly(plain: Child): Promise<void> {
  const { body } = await askJson(plain, 'POST', '/', { prompt: 'a lighthouse on its rock' })
  if (body?.state !== 'complete') throw new Error(`the plain program failed: ${JSON.stringify(body)}`)
}
