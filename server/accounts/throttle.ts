import { hash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import type { Clock } from '../clock.ts'
import { Problem } from '../errors.ts'
import type { RateTicks } from '../store/rate-ticks.ts'

const windowMs = 15 * 60 * 1000

/** One thing that may fail only so often within 15 minutes. */
export interface Limit {
  bucket: string
  most: number
}

/**
 * Slows down guessing. An attempt is counted before it is made, so that simultaneous ones cannot slip through,
 * and no longer counts once it succeeded; refused ones are not counted, so waiting always helps.
 */
export interface Throttle {
  /**
   * Refuses early what `attempt` would refuse, at next to no cost.
   * @throws Problem `rate_limited`
   */
  check(limits: readonly Limit[]): void
  /**
   * Makes an attempt; `undefined` means that it failed.
   * @throws Problem `rate_limited`, and whatever `work` throws, which then does not count.
   */
  attempt<T>(limits: readonly Limit[], work: () => Promise<T | undefined>): Promise<T | undefined>
}

export function createThrottle(ticks: RateTicks, clock: Clock): Throttle {
  return {
    check(limits) {
      for (const limit of limits) {
        const seconds = ticks.wait(limit.bucket, limit.most, windowMs, clock.now())
        if (seconds > 0) throw tooOften(seconds)
      }
    },
    async attempt(limits, work) {
      const taken: number[] = []
      let failed = false
      try {
        for (const limit of limits) {
          const take = ticks.take(limit.bucket, limit.most, windowMs, clock.now())
          if (!take.allowed) throw tooOften(take.retryAfterSeconds)
          taken.push(take.tick)
        }
        const result = await work()
        failed = result === undefined
        return result
      } finally {
        if (!failed) for (const tick of taken) ticks.giveBack(tick)
      }
    },
  }
}

/** Wrong passwords for one name, from anywhere. The name is hashed: people type passwords into the wrong field. */
export function nameLimit(usernameKey: string): Limit {
  return { bucket: `sign-in:name:${hash('sha256', usernameKey, 'hex').slice(0, 32)}`, most: 10 }
}

/** Wrong passwords from one network address, for any name. */
export function addressLimit(address: string | undefined): Limit {
  return { bucket: `sign-in:address:${networkOf(address)}`, most: 30 }
}

/** Refused registrations from one network address: guessed invitations, names that are taken. */
export function registrationLimit(address: string | undefined): Limit {
  return { bucket: `register:address:${networkOf(address)}`, most: 30 }
}

/** A signed-in user's own wrong passwords, apart from what strangers try under the name. */
export function ownPasswordLimit(userId: string): Limit {
  return { bucket: `password:user:${userId}`, most: 10 }
}

/**
 * What counts as one address: an IPv4 address, also where it is mapped into IPv6, or the /64 network that one
 * IPv6 customer has to itself.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  const bare = address.split('%', 1)[0] ?? ''
  if (!isIPv6(bare)) return address
  const [head = '', tail] = bare.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

function tooOften(seconds: number): Problem {
  const minutes = Math.ceil(seconds / 60)
  const wait = seconds < 60 ? `${seconds} seconds` : `${minutes} minute${minutes === 1 ? '' : 's'}`
  return new Problem('rate_limited', `Rate limit: too many failed attempts. Please wait ${wait}.`, {
    retryAfter: seconds,
  })
}
