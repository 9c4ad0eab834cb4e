import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../server/errors.ts'
import { DataLines } from '../../server/providers/data-lines.ts'
import { cutAt } from './cut-at.ts'

function linesOf(pieces: readonly Buffer[], longest = 1_000_000): string[] {
  const taken: string[] = []
  const lines = new DataLines(
    (data) => taken.push(data),
    longest,
    () => new Problem('openrouter_error', 'too long'),
  )
  for (const piece of pieces) lines.push(piece)
  lines.end()
  return taken
}

describe('server-sent events that arrive in pieces', () => {
  const data = fc.oneof(fc.string({ unit: 'grapheme' }), fc.json()).map((text) => JSON.stringify(text))
  const noise = fc.constantFrom(
    ': OPENROUTER PROCESSING',
    ':',
    'event: x',
    'id: 7',
    'retry: 3',
    '',
    'datax: 1',
  )

  it('give the same data wherever they are cut, whatever stands between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(data, noise, fc.constantFrom('data: ', 'data:')), { maxLength: 8 }),
        fc.array(fc.nat(2000), { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (events, cuts, end, ended) => {
          let text = events
            .map(([one, other, field]) => `${other}${end}${end}${field}${one}${end}${end}`)
            .join('')
          if (!ended) text = text.trimEnd()
          expect(linesOf(cutAt(Buffer.from(text), cuts))).toEqual(events.map(([one]) => one))
        },
      ),
    )
  })

  it('hand each line on with its line feed, not with the blank line behind it', () => {
    const taken: string[] = []
    const lines = new DataLines(
      (one) => taken.push(one),
      100,
      () => new Problem('openrouter_error', 'too long'),
    )
    lines.push(Buffer.from('data: 1\n'))
    expect(taken).toEqual(['1'])
    lines.push(Buffer.from('\ndata: 2'))
    expect(taken).toEqual(['1'])
    lines.push(Buffer.from('\n'))
    expect(taken).toEqual(['1', '2'])
  })

  it('have a longest line', () => {
    const pieces = Array<Buffer>(11).fill(Buffer.from('0123456789'))
    expect(() => linesOf(pieces, 100)).toThrow('too long')
    expect(linesOf([Buffer.from(`data:${'x'.repeat(95)}`)], 100)).toEqual(['x'.repeat(95)])
  })
})
