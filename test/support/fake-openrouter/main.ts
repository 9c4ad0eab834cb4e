/**
 * The fake OpenRouter as a program, to use the product by hand:
 * `node test/support/fake-openrouter/main.ts --port 4010 --delay 2000 --token-delay 20`
 */
import { parseArgs } from 'node:util'
import { startFakeOpenRouter } from './index.ts'
import { magicBehaviours, magicWords } from './magic-words.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    /** Milliseconds until a picture is there; 0 also makes words come at once. */
    delay: { type: 'string', default: '2000' },
    'token-delay': { type: 'string' },
  },
})
const pictureMs = Number(values.delay)
const fake = await startFakeOpenRouter({
  port: Number(values.port),
  delays: { pictureMs, tokenMs: Number(values['token-delay'] ?? (pictureMs === 0 ? 0 : 20)) },
  varied: true,
})
for (const behaviour of magicBehaviours()) fake.always(behaviour)

process.stdout.write(
  `fake OpenRouter at ${fake.url}\nkey: ${fake.key}\nmagic words in a prompt: ${magicWords.join(' ')}\n`,
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void fake.close().finally(() => process.exit(0))
  })
}
