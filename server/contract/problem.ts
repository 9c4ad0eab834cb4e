import { z } from 'zod'

/** The body of every error under /api, of /send_message and of the page. */
export const ProblemBody = z.object({
  status: z.literal('error'),
  code: z.string(),
  message: z.string(),
  request_id: z.string(),
  reason: z.string().optional(),
  retry_after: z.number().int().optional(),
  retryable: z.boolean().optional(),
  details: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  turn_id: z.string().optional(),
})
export type ProblemBody = z.infer<typeof ProblemBody>
