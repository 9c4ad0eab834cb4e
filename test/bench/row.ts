import type { World } from './world.ts'

/** One line of the table. */
export interface Row {
  measure: string
  /** Each arm with its median and quartiles. */
  figures: string
  /** What is compared with the reach; empty where nothing is. */
  result: string
  reach: string
  /** Undefined for what is only told. */
  ok: boolean | undefined
}

/** A measure: runs its arms in turns and answers its rows. */
export interface Measure {
  name: string
  run(bench: Bench): Promise<Row[]>
}

export interface Bench {
  world: World
  /** A glance instead of figures to rely on. */
  quick: boolean
}

export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map(({ measure, figures, result, reach, ok }) => {
    const verdict = ok === undefined ? '' : ok ? 'ok' : '**MISSED**'
    return `| ${measure} | ${figures} | ${result} | ${reach} | ${verdict} |`
  })
  return ['| measure | figures | result | reach | |', '| --- | --- | --- | --- | --- |', ...lines].join('\n')
}
