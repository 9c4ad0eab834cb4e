import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlikeChunks } from '../../server/providers/alike-chunks.ts'
import { emptyReply, foldReply } from '../../server/providers/openrouter-reply.ts'
import { StreamedAnswer } from '../../server/providers/streamed-answer.ts'

function chunk(content: unknown, delta: object = {}, rest: object = {}): string {
  const choice = { index: 0, delta: { role: 'assistant', ...delta, content }, finish_reason: null }
  return JSON.stringify({ id: 'gen-1', object: 'chat.completion.chunk', ...rest, choices: [choice] })
}

function learnt(json: string): AlikeChunks {
  const alike = new AlikeChunks()
  alike.learn(json, foldReply(emptyReply(), JSON.parse(json)))
  return alike
}

describe('chunks that are alike', () => {
  it('have their words cut out', () => {
    const alike = learnt(chunk('The'))
    for (const words of [' boat', '', 'é 🚤', '{"content":"'.replaceAll('"', '')])
      expect(alike.wordsIn(chunk(words))).toBe(words)
  })

  it.each([
    ['an escape', chunk('a "boat"\n')],
    ['an end', chunk('boat').replace('"finish_reason":null', '"finish_reason":"stop"')],
    ['another id', chunk('boat').replace('gen-1', 'gen-2')],
    ['a refusal', chunk('boat', { refusal: 'No.' })],
    ['no words', chunk(null)],
    ['parts', chunk([{ type: 'text', text: 'boat' }])],
    ['something short', '{}'],
  ])('are not those with %s', (_what, other) => {
    expect(learnt(chunk('The')).wordsIn(other)).toBeUndefined()
  })

  it.each([
    ['bring an end', chunk('The').replace('"finish_reason":null', '"finish_reason":"stop"')],
    ['bring a refusal', chunk('The', { refusal: 'No.' })],
    ['bring a picture', chunk('The', { images: [{ image_url: { url: 'data:,x' } }] })],
    ['bring the bill', chunk('The', {}, { usage: { cost: 1 } })],
    ['bring an error', chunk('The', {}, { error: { message: 'broken' } })],
    ['have the words elsewhere', chunk('The', {}, { prompt: { content: 'The' } })],
    ['have them twice', chunk('The').replace('"content":"The"', '"content":"The","content":"The"')],
  ])('are not learnt from one that could %s', (_what, json) => {
    const alike = learnt(json)
    expect(alike.wordsIn(json)).toBeUndefined()
  })

  it('are read like any other', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '\\', '","content":"', '\n', '…'),
    )
    const oddly = fc.record(
      { refusal: fc.string(), images: fc.constant(['data:,x']), content2: fc.string() },
      { requiredKeys: [] },
    )
    const chunks = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: words.map((said) => chunk(said)) },
        fc.tuple(words, oddly).map(([said, delta]) => chunk(said, delta)),
      ),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(chunks, (all) => {
        const answer = new StreamedAnswer()
        const reply = emptyReply()
        const plainly = all.map((json) => foldReply(reply, JSON.parse(json)))
        const told = all.map((json) => {
          answer.push(Buffer.from(`data: ${json}\n\n`))
          return answer.takeText()
        })
        // As UTF-8 a lone half of a character does not survive the way.
        expect(told).toEqual(plainly.map((text) => text.toWellFormed()))
        expect(answer.sawText).toBe(plainly.some((text) => text !== ''))
        expect({ ...answer.reply, refusal: undefined }).toEqual({
          ...reply,
          refusal: undefined,
          pictures: [],
        })
        expect(answer.reply.refusal).toBe(reply.refusal?.toWellFormed())
      }),
    )
  })
})
