import type { User as ContractUser } from '../contract/accounts.ts'

declare global {
  namespace Express {
    // Passport leaves this interface open for the product's own user.
    // oxlint-disable-next-line typescript/no-empty-object-type
    interface User extends ContractUser {}
  }
}

declare module 'express-session' {
  interface SessionData {
    /** Written by passport at sign-in: the user's id. */
    passport?: { user?: string }
  }
}
