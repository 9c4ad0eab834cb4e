import type { z } from 'zod'

/** What a field must be, by the type that its schema names. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
const formats: Readonly<Record<string, string>> = {
  datetime: 'takes a time such as 2026-11-20T18:30:00.000Z',
  date: 'takes a date such as 2026-11-20',
}
const units: Readonly<Record<string, [one: string, many: string]>> = {
  string: [' character', ' characters'],
  array: [' entry', ' entries'],
}

/** What a schema finds wrong with a field, for people: the end of a sentence that begins with the field's name. */
export function sayIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is missing'
        : `must be ${kinds[issue.expected] ?? issue.expected}`
    case 'too_big':
      return `takes at most ${amount(issue.maximum, issue.origin)}`
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `takes at least ${amount(issue.minimum, issue.origin)}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `takes one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return formats[issue.format] ?? issue.message
    case 'unrecognized_keys':
      return 'is not a known field'
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return issue.message.replace(/^Invalid input: /, '')
  }
}

function amount(most: number | bigint, origin: string): string {
  const unit = units[origin]
  return unit ? `${most}${Number(most) === 1 ? unit[0] : unit[1]}` : String(most)
}
