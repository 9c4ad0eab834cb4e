import type { Child } from './child.ts'
import { exchange } from './requests.ts'
import type { Send } from './turns.ts'

/** Somebody who answers with a stream of words: the product, the relay, or the provider itself. */
export interface StreamArm {
  name: string
  target: Pick<Child, 'port' | 'pid'>
  /** What to send for an answer of so many tokens, one every `paceMs`. */
  send(tokens: number, paceMs: number): Send
}

/** The same question to everybody. */
export function question(tokens: number, paceMs: number): string {
  return `What would you paint here, and in which light? tokens=${tokens} pace=${paceMs}`
}

/**
 * Reads one stream to its end.
 * @returns milliseconds until the first token.
 * @throws Error when a token is missing: a stream that lost something was not relayed.
 */
export async function readStream(arm: StreamArm, tokens: number, paceMs: number): Promise<number> {
  const began = performance.now()
  let firstMs: number | undefined
  let text = ''
  const { status } = await exchange(arm.target, 'POST', arm.send(tokens, paceMs), (piece) => {
    text += piece
    if (firstMs === undefined && text.includes('lumen0 ')) firstMs = performance.now() - began
  })
  if (status !== 200 || firstMs === undefined || !text.includes(`lumen${tokens - 1} `)) {
    throw new Error(`${arm.name} answered ${status} and not the whole stream: ${text.slice(-500)}`)
  }
  return firstMs
}

/** The three arms of every measure of streams. */
export function streamArms(
  world: { provider: Child; turns: { usual(text: string): Send } },
  easel: Child,
  relay: Child,
): { direct: StreamArm; relay: StreamArm; ours: StreamArm } {
  return {
    direct: {
      name: 'provider',
      target: world.provider,
      send: (tokens, paceMs) => ({
        path: '/api/v1/chat/completions',
        headers: {},
        body: JSON.stringify({
          model: 'bench/writer',
          stream: true,
          messages: [{ role: 'user', content: question(tokens, paceMs) }],
        }),
      }),
    },
    relay: {
      name: 'relay',
      target: relay,
      send: (tokens, paceMs) => ({
        path: '/',
        headers: {},
        body: JSON.stringify({ prompt: question(tokens, paceMs) }),
      }),
    },
    ours: {
      name: 'ours',
      target: easel,
      send: (tokens, paceMs) => world.turns.usual(question(tokens, paceMs)),
    },
  }
}
