import { Problem } from '../errors.ts'

/** Hashing, as it is lent to whoever has a turn. */
interface Hashing {
  /** argon2id in the PHC string format. */
  hash(password: string): Promise<string>
  /** Whether the password is the hash's. Without a hash (an unknown name) it takes the same time and says no. */
  matches(hash: string | undefined, password: string): Promise<boolean>
}

/** The only way to hash a password: a few at a time, the others wait their turn. */
export interface Passwords {
  /**
   * Runs `work` as soon as a place is free.
   * @throws Problem `rate_limited` when too many wait already.
   */
  inTurn<T>(work: (hashing: Hashing) => Promise<T>): Promise<T>
}

/** What a hash costs: memory in KiB, passes over it, lanes. */
export interface HashCost {
  memoryCost: number
  timeCost: number
  parallelism: number
}

const usualCost: HashCost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** Node has four threads for work like this, and reading files needs some of them: half are left free. */
const places = 2
const mostWaiting = 200

export function createPasswords(
  randomBytes: (size: number) => Buffer,
  cost: HashCost = usualCost,
): Passwords {
  const nobodysHash = hashThatNothingMatches(randomBytes, cost)
  const waiting: (() => void)[] = []
  let free = places

  const hashing: Hashing = {
    async hash(password) {
      const argon2 = await loadArgon2()
      return argon2.hash(password.normalize('NFKC'), cost)
    },
    async matches(hash, password) {
      const argon2 = await loadArgon2()
      const matches = await argon2.verify(hash ?? nobodysHash, password.normalize('NFKC'))
      return matches && hash !== undefined
    },
  }

  return {
    async inTurn(work) {
      if (free > 0) {
        free -= 1
      } else if (waiting.length < mostWaiting) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      } else {
        throw new Problem(
          'rate_limited',
          'Rate limit: too many people are signing in at this moment. Please try again in 10 seconds.',
          { retryAfter: 10 },
        )
      }
      try {
        return await work(hashing)
      } finally {
        const next = waiting.shift()
        // A place is handed on as it is: nobody who comes meanwhile can take it.
        if (next) next()
        else free += 1
      }
    },
  }
}

// Loaded when somebody first signs in: the native module would cost every start of the server.
function loadArgon2() {
  return import('@node-rs/argon2')
}

/** A hash in the PHC string format made of random bytes, so that it is as costly as any and nobody's. */
function hashThatNothingMatches(randomBytes: (size: number) => Buffer, cost: HashCost): string {
  const part = (size: number) => randomBytes(size).toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${part(16)}$${part(32)}`
}
