import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Base64Decoder } from '../../server/providers/base64-decoder.ts'
import { cutAt } from './cut-at.ts'

function decode(pieces: readonly Buffer[]): Buffer {
  const decoder = new Base64Decoder()
  const target = Buffer.alloc(pieces.reduce((sum, piece) => sum + piece.length, 3))
  let at = 0
  for (const piece of pieces) at = decoder.decode(piece, 0, piece.length, target, at)
  return target.subarray(0, decoder.end(target, at))
}

describe('base64 that arrives in pieces', () => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  const cuts = fc.array(fc.nat(600), { maxLength: 8 })

  it('decodes to the same bytes wherever it is cut, in either alphabet, padded or not, with white space', () => {
    fc.assert(
      fc.property(
        bytes,
        cuts,
        fc.constantFrom('base64', 'base64url'),
        fc.boolean(),
        fc.nat(80),
        (data, places, alphabet, padded, every) => {
          let text = Buffer.from(data).toString(alphabet)
          if (!padded) text = text.replace(/=+$/, '')
          if (every > 3) text = text.replaceAll(new RegExp(`.{${every}}`, 'g'), '$&\r\n')
          expect(decode(cutAt(Buffer.from(text), places))).toEqual(Buffer.from(data))
        },
      ),
    )
  })

  it('finds a character that is no base64 wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        cuts,
        fc.nat(600),
        fc.constantFrom('%', '"', ':', '\0', 'é', '{'),
        (data, places, where, stranger) => {
          const text = Buffer.from(data).toString('base64')
          const at = where % text.length
          const spoilt = Buffer.from(text.slice(0, at) + stranger + text.slice(at + 1))
          expect(() => decode(cutAt(spoilt, places))).toThrow(expect.objectContaining({ code: 'bad_image' }))
        },
      ),
    )
  })

  it.each(['A', 'AAAAA', 'AA==AAAA', 'AAA=A', '=', 'AAAA=', 'AAA==='])('refuses %s', (text) => {
    expect(() => decode([Buffer.from(text)])).toThrow(expect.objectContaining({ code: 'bad_image' }))
  })
})
