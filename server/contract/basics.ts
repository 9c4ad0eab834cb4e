import { z } from 'zod'

/** Opaque, URL-safe, time-ordered. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, 'is not an id')

/** ISO 8601 UTC with milliseconds. */
export const Time = z.iso.datetime({ precision: 3 })

/** `?limit=` and `?cursor=` of every list. */
export const Paging = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

/** A list's answer; `next_cursor` is null on the last page. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() })
}

/** `true` and `false` as a query string spells them. */
export const QueryFlag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')

export interface Page<Item> {
  items: Item[]
  next_cursor: string | null
}
