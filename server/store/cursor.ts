import { Problem } from '../errors.ts'

/** An opaque place in a list that is ordered by a time and then by id, both falling. */
export function encodeCursor(time: number, id: string): string {
  return Buffer.from(`${time.toString(36)}.${id}`).toString('base64url')
}

/**
 * The place after which a page begins; without a cursor, before everything.
 * @throws Problem `invalid_request` for a cursor that this server never gave out.
 */
export function decodeCursor(cursor: string | undefined): [time: number, id: string] {
  if (cursor === undefined) return [Number.MAX_SAFE_INTEGER, '~']
  const match = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{16,64})$/.exec(Buffer.from(cursor, 'base64url').toString())
  const time = Number.parseInt(match?.[1] ?? '', 36)
  if (!match?.[2] || !Number.isSafeInteger(time)) {
    throw new Problem('invalid_request', 'The cursor is not one that this list gave out. Start without it.', {
      details: [{ field: 'cursor', message: 'not a cursor of this list' }],
    })
  }
  return [time, match[2]]
}
