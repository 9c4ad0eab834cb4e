import { Problem } from '../errors.ts'
import { commonPasswords } from './common-passwords.ts'

/** Bytes of UTF-8. No rules of composition: length and being unlikely to be guessed are what counts. */
const leastBytes = 8
const mostBytes = 1024

/**
 * Refuses passwords that are too short, too long, or among the first that anybody would try.
 * @throws Problem `invalid_request` whose detail names `field`.
 */
export function checkNewPassword(password: string, username: string, field: string): void {
  const fault = faultOf(password, username)
  if (fault === undefined) return
  throw new Problem('invalid_request', `The password ${fault}.`, { details: [{ field, message: fault }] })
}

function faultOf(password: string, username: string): string | undefined {
  const bytes = Buffer.byteLength(password)
  if (bytes < leastBytes) return `takes at least ${leastBytes} characters`
  if (bytes > mostBytes) return `takes at most ${mostBytes} bytes`
  const plain = password.normalize('NFKC').toLowerCase()
  if (plain === username.normalize('NFKC').toLowerCase()) return 'may not be the username'
  if (commonPasswords.has(plain) || new Set(plain).size === 1) {
    return 'is one of the first that anybody would guess; take another, such as four random words'
  }
  return undefined
}
