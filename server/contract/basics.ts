import { z } from 'zod'

/** Opaque, URL-safe, time-ordered. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, 'is not an id')

/** A name or a title: one line of whole characters, without what cannot be seen around it. */
export const OneLine = z
  .string()
  .overwrite((text) => text.toWellFormed().replace(/\p{Cc}+/gu, ' '))
  .trim()

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

/** How many characters a text has, as the schemas count them and people do: an emoji is one, not two. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}
