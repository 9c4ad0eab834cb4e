import type { EventError } from '../contract/turns.ts'

/** What stands on a message whose answer a stopped server left unfinished. */
export const interruptedError: EventError = {
  status: 'error',
  code: 'interrupted',
  message: 'The server was stopped while it answered. What had come is kept; try again for the rest.',
  retryable: true,
}
