import type { HashCost } from '../../server/accounts/passwords.ts'

/** What hashing costs the tests, which sign up hundreds; the usual cost has its own test. */
export const cheapHash: HashCost = { memoryCost: 64, timeCost: 1, parallelism: 1 }
