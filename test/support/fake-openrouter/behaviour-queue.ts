import type { ChatRequest } from './chat-request.ts'
import type { Behaviour } from './exchange.ts'

/** What the test has told the fake to do. */
export class BehaviourQueue {
  #once: Behaviour[] = []
  #always: Behaviour[] = []
  readonly #onceOn = new Map<string, Behaviour[]>()

  next(behaviours: readonly Behaviour[]): void {
    this.#once.push(...behaviours)
  }

  nextOn(endpoint: string, behaviours: readonly Behaviour[]): void {
    this.#onceOn.set(endpoint, [...(this.#onceOn.get(endpoint) ?? []), ...behaviours])
  }

  always(behaviour: Behaviour): void {
    this.#always.push(behaviour)
  }

  clear(): void {
    this.#once = []
    this.#always = []
    this.#onceOn.clear()
  }

  /** Takes the first queued behaviour that matches, else gives the latest standing one. */
  take(request: ChatRequest): Behaviour | undefined {
    const matches = (one: Behaviour) => one.match?.(request) ?? true
    const at = this.#once.findIndex(matches)
    if (at >= 0) return this.#once.splice(at, 1)[0]
    return this.#always.findLast(matches)
  }

  takeOn(endpoint: string): Behaviour | undefined {
    return this.#onceOn.get(endpoint)?.shift()
  }
}
