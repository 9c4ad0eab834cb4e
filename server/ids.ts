import type { Clock } from './clock.ts'

/** Makes opaque, URL-safe, time-ordered ids. */
export type NewId = () => string

/**
 * UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then a counter and random bits, as 36
 * characters. Ids made by one maker sort in the order they were made, also within one millisecond.
 */
export function idMaker(clock: Clock, randomBytes: (size: number) => Buffer): NewId {
  let lastMs = 0
  let counter = 0
  return () => {
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      counter = randomBytes(2).readUInt16BE() & 0x07ff
    } else {
      counter += 1
      // The twelve counter bits are used up: borrow the next millisecond, as the RFC's section 6.2 allows.
      if (counter > 0x0fff) {
        lastMs += 1
        counter = 0
      }
    }
    const bytes = randomBytes(16)
    bytes.writeUIntBE(lastMs, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

/** Below every id that is made at this time (milliseconds since 1970) or later, and above those made before. */
export function firstIdOf(time: number): string {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

const poolBytes = 4096

/**
 * Randomness for ids, asked for by the page: each call of `randomBytes` costs 5 µs, whatever it brings.
 * Nobody is handed the same bytes twice.
 */
export function pooled(randomBytes: (size: number) => Buffer): (size: number) => Buffer {
  let pool = randomBytes(poolBytes)
  let used = 0
  return (size) => {
    if (used + size > pool.length) {
      pool = randomBytes(Math.max(poolBytes, size))
      used = 0
    }
    used += size
    return pool.subarray(used - size, used)
  }
}
