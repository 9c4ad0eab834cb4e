import pino from 'pino'
import { openrouterProvider, type OpenrouterOptions } from '../../server/providers/openrouter.ts'
import type { PaintAnswer, PaintRequest, WriteRequest, Written } from '../../server/providers/provider.ts'
import { type KeptPicture, memorySink } from './memory-sink.ts'

export const flash = 'google/gemini-2.5-flash-image'
const haiku = 'anthropic/claude-haiku-4.5'

/** What a call gave, beside the answer or the error. */
interface Told {
  /** Ids of the call, as often as they were told. */
  ids: string[]
  receiving: number
  pictures: KeptPicture[]
}

interface Heard extends Told {
  texts: string[]
  text: string
  end: Written | undefined
  /** What was thrown. */
  error: unknown
}

interface Painted extends Told {
  answer: PaintAnswer | undefined
  error: unknown
}

/** The real provider before a fake one, with requests that need not name what a test does not care about. */
export function openProvider(fake: { url: string; key: string }, options: Partial<OpenrouterOptions> = {}) {
  const provider = openrouterProvider({
    apiKey: fake.key,
    baseUrl: fake.url,
    timeoutMs: 10_000,
    publicUrl: new URL('https://easel.example/some/page'),
    clock: { now: () => 1_790_000_000_000 },
    log: pino({ level: 'silent' }),
    ...options,
  })

  async function write(request: Partial<WriteRequest> = {}) {
    const written: Heard = {
      texts: [],
      text: '',
      end: undefined,
      error: undefined,
      ids: [],
      receiving: 0,
      pictures: [],
    }
    try {
      written.end = await provider.writer?.write({
        model: haiku,
        purpose: 'chat',
        messages: [{ role: 'user', text: 'Tell me about foxes.' }],
        user: 'u_1',
        signal: new AbortController().signal,
        onUpstreamId: (id) => written.ids.push(id),
        ...request,
        onText(text) {
          written.texts.push(text)
          written.text += text
          request.onText?.(text)
        },
      })
    } catch (error) {
      written.error = error
    }
    return written
  }

  async function paint(request: Partial<PaintRequest> & { slow?: boolean; fail?: () => Error } = {}) {
    const { sink, pictures } = memorySink(request)
    const painted: Painted = { answer: undefined, error: undefined, ids: [], receiving: 0, pictures }
    try {
      painted.answer = await provider.painter?.paint({
        model: flash,
        prompt: 'A fox in the snow',
        aspectRatio: undefined,
        inputs: [],
        maxTokens: 4096,
        user: 'u_1',
        signal: new AbortController().signal,
        sink,
        onUpstreamId: (id) => painted.ids.push(id),
        onReceiving: () => (painted.receiving += 1),
        ...request,
      })
    } catch (error) {
      painted.error = error
    }
    return painted
  }

  return { ...provider, write, paint }
}
