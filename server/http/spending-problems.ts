import type { ProblemCode } from '../errors.ts'

/** What every route that may call a provider can end with, for the API document. */
export const spendingProblems: readonly ProblemCode[] = [
  'missing_prompt',
  'content_policy',
  'idempotency_mismatch',
  'missing_api_key',
  'openrouter_error',
  'provider_error',
  'empty_response',
  'bad_image',
  'shutting_down',
  'timeout',
  'storage_full',
]
