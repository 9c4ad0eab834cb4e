import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Child } from '../child.ts'
import { fetchForAWhile, type FileRequest } from '../file-load.ts'
import { cpuMs, untilQuiet } from '../process-meter.ts'
import type { Bench, Measure, Row } from '../row.ts'
import { median, ratios, spread } from '../statistics.ts'
import { paintPicture } from './picture-cost.ts'

const connections = 8
const sizes = [
  { name: '2 MB', kilobytes: 2048 },
  { name: '100 KB', kilobytes: 100 },
]

/** Stored pictures to their owner, against express.static, which asks nobody. */
export const serving: Measure = {
  name: 'serving',
  async run(bench) {
    const { world } = bench
    const folder = world.folder('static')
    const statics = await world.startProgram('static-server.ts', [folder])
    const easel = await world.startEasel()
    const rows: Row[] = []
    try {
      for (const { name, kilobytes } of sizes) {
        const painted = await paintPicture(world, easel, `kilobytes=${kilobytes}`)
        const ours = { port: easel.port, path: painted.url, headers: cookieOf(painted.headers) }
        const theirs = { port: statics.port, path: `/${kilobytes}.png`, headers: {} }
        writeFileSync(path.join(folder, `${kilobytes}.png`), await fetchOnce(ours))
        rows.push(...(await compare(bench, name, { easel, statics }, ours, theirs)))
      }
    } finally {
      await easel.stop()
      await statics.stop()
    }
    return [...rows, await unchanged(bench)]
  },
}

async function compare(
  { quick }: Bench,
  name: string,
  { easel, statics }: { easel: Child; statics: Child },
  ours: FileRequest,
  theirs: FileRequest,
): Promise<Row[]> {
  const arms = [
    { pid: statics.pid, request: theirs, rates: [] as number[], cpu: [] as number[] },
    { pid: easel.pid, request: ours, rates: [] as number[], cpu: [] as number[] },
  ] as const
  for (const { request } of arms) await fetchForAWhile(request, connections, 1000)
  await untilQuiet(easel.pid, 2000)
  for (let round = 0; round < (quick ? 3 : 9); round += 1) {
    for (const { pid, request, rates, cpu } of arms) {
      const before = cpuMs(pid)
      const { count, ms } = await fetchForAWhile(request, connections, 1000)
      rates.push((count / ms) * 1000)
      cpu.push((cpuMs(pid) - before) / count)
    }
  }
  const [bare, own] = arms
  const rate = ratios(own.rates, bare.rates)
  const cost = ratios(own.cpu, bare.cpu)
  return [
    {
      measure: `stored picture of ${name}, requests a second`,
      figures: `express.static ${spread(bare.rates)}, ours ${spread(own.rates)}`,
      result: `${spread(rate)} ×`,
      reach: '≥ 1 × express.static',
      ok: median(rate) >= 1,
    },
    {
      measure: `stored picture of ${name}, CPU a request`,
      figures: `express.static ${spread(bare.cpu)}, ours ${spread(own.cpu)} ms`,
      result: `${spread(cost)} ×`,
      reach: '≤ 0.8 × express.static',
      ok: median(cost) <= 0.8,
    },
  ]
}

/** How many files are opened for answers that say "unchanged". */
async function unchanged({ world }: Bench): Promise<Row> {
  const easel = await world.startEasel({ metered: true })
  try {
    const painted = await paintPicture(world, easel, 'kilobytes=2048')
    const request = { port: easel.port, path: painted.url, headers: cookieOf(painted.headers) }
    const etag = `"${createHash('sha256')
      .update(await fetchOnce(request))
      .digest('hex')}"`
    await untilQuiet(easel.pid, 2000)
    await easel.ask('watch')
    await fetchOnce(request)
    const seen = (await easel.ask('watch')).opens
    if (seen === 0) throw new Error('a 2 MB picture was served and no open was counted: the counter is blind')
    const fresh = { ...request, headers: { ...request.headers, 'If-None-Match': etag } }
    const { count } = await fetchForAWhile(fresh, 2, 300, 304)
    const { opens } = await easel.ask('stop')
    return {
      measure: 'files opened for 304 answers',
      figures: `${opens} opens for ${count} answers (${seen} for one 200)`,
      result: String(opens),
      reach: 'none',
      ok: opens === 0,
    }
  } finally {
    await easel.stop()
  }
}

function cookieOf({ cookie }: Record<string, string>): Record<string, string> {
  return cookie === undefined ? {} : { Cookie: cookie }
}

async function fetchOnce({ port, path, headers }: FileRequest): Promise<Uint8Array> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
  if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}`)
  return answer.bytes()
}
