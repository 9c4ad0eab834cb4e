/** Time as a part that is handed in, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970 (UTC). */
  now: () => number
}

export const systemClock: Clock = { now: () => Date.now() }

/** `2026-11-20T12:00:00.000Z`, the form of every time on the wire. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
