import type { EaselError } from '../sdk/easel-error.ts'

/** Does something that the server may refuse; a refusal is said in a toast, and answered as undefined. */
export type Attempt = <Value>(
  work: () => Promise<Value>,
  /** The toast's words; the refusal's own unless told. */
  say?: (error: EaselError) => string,
) => Promise<Value | undefined>
