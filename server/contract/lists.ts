import { z } from 'zod'

export const CommandOption = z.object({
  name: z.string(),
  type: z.enum(['text', 'integer', 'flag']),
  summary: z.string(),
  values: z.array(z.string()).optional(),
  minimum: z.number().int().optional(),
  maximum: z.number().int().optional(),
})
export type CommandOption = z.infer<typeof CommandOption>

export const CommandDescription = z.object({
  name: z.string(),
  aliases: z.array(z.string()),
  usage: z.string(),
  summary: z.string(),
  options: z.array(CommandOption),
})
export type CommandDescription = z.infer<typeof CommandDescription>

export const ModelLists = z.object({
  image: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      provider: z.string(),
      notes: z.string(),
      default: z.boolean(),
      available: z.boolean(),
      price_usd: z.number().optional(),
      usual_seconds: z.object({ p50: z.number(), p80: z.number() }).optional(),
    }),
  ),
  chat: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      vision: z.boolean(),
      default: z.boolean(),
      available: z.boolean(),
    }),
  ),
  refine: z.string(),
  /** True when no key is configured and the embedded provider serves. */
  offline: z.boolean(),
})
export type ModelLists = z.infer<typeof ModelLists>
