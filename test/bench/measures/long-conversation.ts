import { cpuMs, untilQuiet } from '../process-meter.ts'
import type { Measure } from '../row.ts'
import { median, ratios, spread } from '../statistics.ts'
import { question, readStream, type StreamArm } from '../streams.ts'
import { longestLength, usualLength } from '../world.ts'

/** Whether a turn costs more in a conversation of 100,000 messages than in one of 20. */
export const longConversation: Measure = {
  name: 'long-conversation',
  async run({ world, quick }) {
    const easel = await world.startEasel()
    const arms = {
      usual: arm('usual', (text) => world.turns.usual(text)),
      longest: arm('longest', (text) => world.turns.longest(text)),
    }
    function arm(name: string, send: (text: string) => ReturnType<StreamArm['send']>): StreamArm {
      return { name, target: easel, send: (tokens, paceMs) => send(question(tokens, paceMs)) }
    }
    const firstMs = { usual: [] as number[], longest: [] as number[] }
    const cost = { usual: [] as number[], longest: [] as number[] }
    const perRound = 4
    try {
      for (const name of ['usual', 'longest'] as const) await readStream(arms[name], 3, 0)
      for (let index = 0; index < 100; index += 1) await readStream(arms.usual, 3, 0)
      for (let round = 0; round < (quick ? 3 : 20); round += 1) {
        // Whichever comes first finds the caches colder.
        const order = round % 2 === 0 ? (['usual', 'longest'] as const) : (['longest', 'usual'] as const)
        for (const name of order) {
          await untilQuiet(easel.pid, 500)
          const before = cpuMs(easel.pid)
          const times: number[] = []
          for (let turn = 0; turn < perRound; turn += 1) times.push(await readStream(arms[name], 3, 0))
          firstMs[name].push(median(times))
          // With what follows the turns in the background.
          await untilQuiet(easel.pid, 500)
          cost[name].push((cpuMs(easel.pid) - before) / perRound)
        }
      }
    } finally {
      await easel.stop()
    }
    return [compare('time to first token', 'ms', firstMs), compare('CPU of a turn', 'ms', cost)]
  },
}

function compare(what: string, unit: string, { usual, longest }: { usual: number[]; longest: number[] }) {
  const ratio = ratios(longest, usual)
  return {
    measure: `${what}, conversation of ${longestLength} against ${usualLength} messages`,
    figures: `${usualLength}: ${spread(usual)}, ${longestLength}: ${spread(longest)} ${unit}`,
    result: `${spread(ratio)} ×`,
    reach: '≤ 1.1 ×',
    ok: median(ratio) <= 1.1,
  }
}
