import type { User } from '../contract/accounts.ts'
import { Problem } from '../errors.ts'
import type { Access } from './route.ts'

/**
 * Lets a request through to a route, or not.
 * @throws Problem `unauthenticated` when nobody is signed in, `forbidden` when it takes an administrator.
 */
export function requireAccess(access: Access, user: User | undefined): void {
  if (access === 'public') return
  if (user === undefined) throw new Problem('unauthenticated', 'Please sign in.')
  if (access === 'admin' && user.role !== 'admin') {
    throw new Problem('forbidden', 'Only administrators may do this.')
  }
}
