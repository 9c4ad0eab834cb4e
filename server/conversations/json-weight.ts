import { Problem } from '../errors.ts'

/** Values, and levels of nesting, of a document; the largest honest one has a third of them. */
const mostValues = 5_000_000
const mostLevels = 40

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Counts the values of a JSON text while its bytes arrive, since a parser makes each of them an object of its
 * own: 64 MB of `{},` would be over a gigabyte. What is no JSON at all is left to the parser to find.
 * @returns takes the next bytes
 * @throws Problem `payload_too_large`
 */
export function jsonScale(): (bytes: Uint8Array) => void {
  let values = 0
  let levels = 0
  let isText = false
  let isEscaped = false

  return (bytes) => {
    for (const byte of bytes) {
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) isText = false
      } else if (byte === quote) {
        isText = true
      } else if (byte === comma) {
        values += 1
      } else if (byte === openBracket || byte === openBrace) {
        values += 1
        levels += 1
        if (levels > mostLevels) throw tooMuch()
      } else if (byte === closeBracket || byte === closeBrace) {
        levels -= 1
      }
    }
    if (values > mostValues) throw tooMuch()
  }
}

function tooMuch(): Problem {
  return new Problem(
    'payload_too_large',
    'The conversation in the ZIP holds more values, or deeper ones, than can be imported.',
  )
}
