import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chooseCores, describeMachine, pinThisProcess } from './machine.ts'
import { streams } from './measures/streams.ts'
import { pictureCost } from './measures/picture-cost.ts'
import { pictureMemory } from './measures/picture-memory.ts'
import { serving } from './measures/serving.ts'
import { longConversation } from './measures/long-conversation.ts'
import { startUp } from './measures/start-up.ts'
import { page } from './measures/page.ts'
import { markdownTable, type Row } from './row.ts'
import { makeWorld } from './world.ts'

const measures = [streams, pictureCost, pictureMemory, serving, longConversation, startUp, page]

const { values } = parseArgs({
  options: {
    /** Few rounds: a glance, no figures to rely on. */
    quick: { type: 'boolean', default: false },
    /** Some measures by their names. */
    only: { type: 'string', multiple: true },
  },
})
const chosen = measures.filter(({ name }) => values.only?.includes(name) ?? true)
if (chosen.length < (values.only?.length ?? 1)) {
  process.stderr.write(`--only takes ${measures.map(({ name }) => name).join(', ')}\n`)
  process.exit(1)
}

// So that the programs it started end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const began = new Date()
const cores = chooseCores()
pinThisProcess(cores)
const world = await makeWorld(cores, values.quick)
const rows: Row[] = []
let facts: string[]
try {
  facts = describeMachine(world.storageDir, cores)
  process.stdout.write(`${facts.join('\n')}\n\n`)
  for (const measure of chosen) {
    const found = await measure.run({ world, quick: values.quick })
    for (const row of found) {
      const verdict = row.ok === undefined ? '' : row.ok ? ' ok' : ' MISSED'
      process.stdout.write(
        `${row.measure}\n  ${row.figures}\n  ${row.result}${row.reach && `  (${row.reach})`}${verdict}\n`,
      )
    }
    rows.push(...found)
  }
} finally {
  await world.close()
}

const time = began.toISOString().slice(0, 16).replace(':', '-')
const folder = path.join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
const file = path.join(folder, `${time}${['', ...(values.only ?? [])].join('-')}.md`)
const head = [`# Bench of ${began.toISOString()}`, '', ...facts.map((fact) => `- ${fact}`)]
if (values.quick) head.push('- quick: few rounds, a glance only')
writeFileSync(file, `${head.join('\n')}\n\nMedians with their quartiles.\n\n${markdownTable(rows)}\n`)
process.stdout.write(`\nwritten to ${path.relative(process.cwd(), file)}\n`)
