import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { cpuMs, untilQuiet } from '../process-meter.ts'
import type { Bench, Measure, Row } from '../row.ts'
import { figure, median, ratios, spread } from '../statistics.ts'
import { readStream, streamArms, type StreamArm } from '../streams.ts'

const atOnce = 50
const tokens = 100
const paceMs = 20

interface Paced {
  firstMs: number[]
  cpuMs: number
}

/** Time to the first token, processor time a paced stream, and streams a second when saturated. */
export const streams: Measure = {
  name: 'streams',
  async run(bench) {
    const { world, quick } = bench
    const easel = await world.startEasel()
    const relay = await world.startProgram('relay.ts', [world.providerUrl])
    const arms = streamArms(world, easel, relay)
    try {
      // Until everything that is asked often is compiled.
      for (const arm of Object.values(arms)) {
        await inParallel(quick ? 300 : 1500, 20, () => readStream(arm, 20, 0))
      }
      await untilQuiet(easel.pid)
      return [
        ...(await oneByOne(bench, Object.values(arms))),
        ...(await paced(bench, arms)),
        ...(await saturated(bench, arms)),
      ]
    } finally {
      await easel.stop()
      await relay.stop()
    }
  },
}

async function oneByOne({ world, quick }: Bench, [direct, relay, ours]: StreamArm[]): Promise<Row[]> {
  if (!direct || !relay || !ours) throw new Error('three arms are compared')
  const samples = new Map([direct, relay, ours].map((arm) => [arm, [] as number[]]))
  const syncs: number[] = []
  const disk = openSync(path.join(world.folder('disk'), 'log'), 'w')
  for (let round = 0; round < (quick ? 40 : 200); round += 1) {
    for (const [arm, times] of samples) times.push(await readStream(arm, 3, 0))
    const began = performance.now()
    writeSync(disk, Buffer.alloc(65_536))
    fdatasyncSync(disk)
    syncs.push(performance.now() - began)
  }
  closeSync(disk)
  const of = (arm: StreamArm) => samples.get(arm) ?? []
  return [
    {
      measure: 'a synced write of 64 KiB to that disk, as the commit of a message is one',
      figures: `${spread(syncs)} ms`,
      result: `${figure(median(syncs))} ms`,
      reach: '',
      ok: undefined,
    },
    firstTokenRow('time to first token added, 1 stream', of(direct), of(relay), of(ours)),
  ]
}

function firstTokenRow(
  measure: string,
  direct: readonly number[],
  relay: readonly number[],
  ours: readonly number[],
): Row {
  const [theirs, own] = [relay, ours].map((times) => median(times) - median(direct))
  if (theirs === undefined || own === undefined) throw new Error('nothing was measured')
  return {
    measure,
    figures: `provider ${spread(direct)}, relay ${spread(relay)}, ours ${spread(ours)} ms`,
    result: `relay +${figure(theirs)} ms, ours +${figure(own)} ms: ${figure(own / theirs)} ×`,
    reach: '≤ 3 × relay or ≤ 1.5 ms',
    ok: own <= 3 * theirs || own <= 1.5,
  }
}

async function paced(
  { quick }: Bench,
  { direct, relay, ours }: { direct: StreamArm; relay: StreamArm; ours: StreamArm },
): Promise<Row[]> {
  const steady = new Map([direct, relay, ours].map((arm) => [arm, [] as Paced[]]))
  const bursts = new Map([direct, relay, ours].map((arm) => [arm, [] as number[]]))
  for (let round = 0; round < (quick ? 1 : 4); round += 1) {
    for (const [arm, done] of steady) done.push(await steadyStreams(arm, quick ? 75 : 150))
    for (const [arm, times] of bursts) {
      times.push(...(await inParallel(atOnce, atOnce, () => readStream(arm, 10, paceMs))))
      await untilQuiet(arm.target.pid)
    }
  }
  const firsts = (arm: StreamArm) => (steady.get(arm) ?? []).flatMap((round) => round.firstMs)
  const cpu = (arm: StreamArm) => (steady.get(arm) ?? []).map((round) => round.cpuMs)
  const ratio = ratios(cpu(ours), cpu(relay))
  const burst = firstTokenRow(
    'time to first token added, 50 streams begun in one moment',
    bursts.get(direct) ?? [],
    bursts.get(relay) ?? [],
    bursts.get(ours) ?? [],
  )
  return [
    firstTokenRow('time to first token added, 50 streams', firsts(direct), firsts(relay), firsts(ours)),
    { ...burst, reach: '', ok: undefined },
    {
      measure: `CPU a paced stream, 50 at once, ${tokens} tokens at ${paceMs} ms`,
      figures: `relay ${spread(cpu(relay))}, ours ${spread(cpu(ours))} ms`,
      result: `${spread(ratio)} ×`,
      reach: '≤ 1.3 × relay',
      ok: median(ratio) <= 1.3,
    },
  ]
}

/** Fifty streams at any time, each begun when another one ends; the first fifty only fill up. */
async function steadyStreams(arm: StreamArm, count: number): Promise<Paced> {
  const { pid } = arm.target
  const before = cpuMs(pid)
  const running: Promise<number>[] = []
  for (let index = 0; index < count; index += 1) {
    running.push(readStream(arm, tokens, paceMs))
    await new Promise((resolve) => setTimeout(resolve, (tokens * paceMs) / atOnce))
  }
  const firstMs = (await Promise.all(running)).slice(atOnce)
  // What follows a turn in the background is part of its price.
  await untilQuiet(pid)
  return { firstMs, cpuMs: (cpuMs(pid) - before) / count }
}

/**
 * Many more streams than before: at the usual pace, so that every token is an event of its own, and as fast as
 * they go, where tokens come in bundles and a stream is mostly its beginning and its end.
 */
async function saturated(
  { quick }: Bench,
  { relay, ours }: { relay: StreamArm; ours: StreamArm },
): Promise<Row[]> {
  const usual = await rates([relay, ours], quick ? 1 : 4, quick ? 150 : 450, 150, paceMs)
  const fast = await rates([relay, ours], quick ? 1 : 5, 300, atOnce, 0)
  return [
    { ...usual, measure: `streams a second a core, 150 at once, ${tokens} tokens at ${paceMs} ms` },
    {
      ...fast,
      measure: `streams a second a core, ${atOnce} at once, ${tokens} tokens as fast as they go`,
      reach: '',
      ok: undefined,
    },
  ]
}

async function rates(
  arms: readonly [StreamArm, StreamArm],
  rounds: number,
  count: number,
  atOnce: number,
  paceMs: number,
): Promise<Row> {
  const perCore: [number[], number[]] = [[], []]
  const busy: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, arm] of arms.entries()) {
      const { pid } = arm.target
      const before = cpuMs(pid)
      const began = performance.now()
      await inParallel(count, atOnce, () => readStream(arm, tokens, paceMs))
      busy[index]?.push(((cpuMs(pid) - before) / (performance.now() - began)) * 100)
      await untilQuiet(pid)
      perCore[index]?.push((count / (cpuMs(pid) - before)) * 1000)
    }
  }
  const [theirs, own] = perCore
  const ratio = ratios(own, theirs)
  const shares = busy.map((share) => `${figure(median(share))} %`)
  return {
    measure: '',
    figures: `relay ${spread(theirs)}, ours ${spread(own)}; core busy ${shares.join(', ')}`,
    result: `${spread(ratio)} ×`,
    reach: '≥ 0.7 × relay',
    ok: median(ratio) >= 0.7,
  }
}

/** Does something so many times, so many at once. */
export async function inParallel<T>(count: number, most: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = []
  let begun = 0
  async function worker(): Promise<void> {
    while (begun < count) {
      begun += 1
      results.push(await work())
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, count) }, worker))
  return results
}
