import type { EventError } from '../contract/turns.ts'

/** What stands on a message whose answer a stopped server left unfinished. */
export const interruptedError: EventError = {
  status: 'error',
  code: 'interrupted',
  message: 'The server was stopped while it answered. What had come is kept; try again for the rest.',
  retryable: true,
}

/** What is answered under the key of a dialog's request that a stopped server had begun to spend on. */
export const lostAside = {
  status: 'error',
  code: 'internal_error',
  message:
    'The server was stopped while it worked on this request. What it had spent is not charged; ask with a new Idempotency-Key.',
} satisfies Pick<EventError, 'status' | 'code' | 'message'>
