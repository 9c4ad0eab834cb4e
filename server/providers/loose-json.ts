/**
 * Reads single fields out of JSON of which nothing is certain: an answer is judged by the fields that are
 * used, and a field of the wrong kind counts as missing.
 */
export type LooseObject = Readonly<Record<string, unknown>>

const nothing: LooseObject = Object.freeze({})

/** The value where it is an object (not an array, not null), else an object without fields. */
export function objectIn(value: unknown): LooseObject {
  return isObject(value) ? value : nothing
}

export function isObject(value: unknown): value is LooseObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value where it is an array, else an empty one. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The value where it is a string that holds something, else undefined. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number, or a string that spells one; undefined for everything else. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Parses JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
