import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { imageCommand } from '../../public/conversation/recipe-words.ts'
import { groupByMonth } from '../../public/gallery/group-by-month.ts'
import { wordDiff } from '../../public/lightbox/word-diff.ts'
import { fit, pan, wheelFactor, zoomAt } from '../../public/lightbox/zoom.ts'
import { sizeInWords } from '../../public/parts/size-in-words.ts'
import { describeCommands } from '../../server/commands/index.ts'
import { parseSlash } from '../../server/contract/slash-grammar.ts'
import { wordsIn } from '../../server/texts/words.ts'

describe('the changes of a prompt', () => {
  const marked = (before: string, after: string) =>
    wordDiff(before, after)
      .map(({ kind, text }) => ({ same: text, added: `+${text}+`, dropped: `-${text}-` })[kind])
      .join('')

  it.each([
    ['a fox in the snow', 'A fox in the snow, at dusk', 'A fox in the snow+, at dusk+'],
    ['make it darker', 'the same house, darker', '-make it -+the same house, +darker'],
    ['a red door', 'a door', 'a -red -door'],
    ['', 'a door', '+a door+'],
    ['a door', '', '-a door-'],
    ['ein schöner Tag', 'ein SCHÖNER Tag', 'ein SCHÖNER Tag'],
    ['北京の空', '北京の空、雪', '北京の空+、雪+'],
  ])('%s → %s', (before, after, pieces) => {
    expect(marked(before, after)).toBe(pieces)
  })

  it('leave both texts whole', () => {
    const prompt = array(constantFrom('red', 'Red', 'sky', ', ', ' ', '.', 'é', '雪', '\n')).map((parts) =>
      parts.join(''),
    )
    assert(
      property(prompt, prompt, (before, after) => {
        const pieces = wordDiff(before, after)
        const without = (kind: string) =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map((piece) => piece.text)
            .join('')
        expect(without('dropped')).toBe(after)
        // What stands is written as it is now, so the old text comes back but for case and blanks.
        const plain = (text: string) => text.toLowerCase().replaceAll(/\s+/g, '')
        expect(plain(without('added'))).toBe(plain(before))
      }),
    )
  })

  it('are found in two prompts of 8,000 characters without hanging', () => {
    const words = (seed: number) =>
      Array.from({ length: 1600 }, (_, index) => `w${(index * seed) % 97}`).join(' ')
    // What grew faster than the square of the length would run into the test's time limit.
    expect(wordDiff(words(7), words(11)).length).toBeGreaterThan(1)
    expect(wordDiff('a '.repeat(4000), 'b '.repeat(4000))).toHaveLength(2)
  })
})

describe('a look closer', () => {
  it('keeps what lies under the pointer', () => {
    const point = { x: 100, y: -40 }
    const near = zoomAt(fit, 3, point)
    expect(near.scale).toBe(3)
    // The picture's own place under the pointer, before and after.
    expect((point.x - near.x) / near.scale).toBeCloseTo(point.x)
    expect((point.y - near.y) / near.scale).toBeCloseTo(point.y)
    expect(zoomAt(near, 0.01, point)).toEqual(fit)
    expect(zoomAt(near, 100, point).scale).toBe(8)
  })

  it('goes to the picture’s edge and no further', () => {
    const [picture, stage] = [
      { x: 400, y: 200 },
      { x: 600, y: 300 },
    ]
    expect(pan({ scale: 1, x: 50, y: 50 }, { x: 9, y: 9 }, picture, stage)).toEqual(fit)
    expect(pan({ scale: 3, x: 0, y: 0 }, { x: 9999, y: -9999 }, picture, stage)).toEqual({
      scale: 3,
      x: 300,
      y: -150,
    })
  })

  it('takes the wheel of every device', () => {
    expect(wheelFactor(-100, 0)).toBeGreaterThan(1)
    expect(wheelFactor(3, 1)).toBeCloseTo(wheelFactor(48, 0))
    expect(wheelFactor(100_000, 0)).toBe(wheelFactor(200, 0))
  })
})

describe('a wish in the composer', () => {
  it.each([
    { prompt: 'a fox' },
    { prompt: ' a fox in the snow ', aspectRatio: '16:9' },
    { prompt: 'a fox', aspectRatio: '3:4', raw: true },
  ])('$prompt $aspectRatio $raw is understood as it was meant', (wish) => {
    const { prompt, aspectRatio, raw } = { aspectRatio: undefined, raw: false, ...wish }
    expect(parseSlash(imageCommand(wish), describeCommands(wordsIn('en')))).toEqual({
      kind: 'command',
      name: 'image',
      text: prompt.trim(),
      options: { ...(aspectRatio ? { aspect: aspectRatio } : {}), ...(raw ? { raw: true } : {}) },
    })
  })
})

describe('the gallery', () => {
  it('stands by month, with the year where it is another one', () => {
    // No more of a picture than its time counts here.
    const made = (created_at: string) => ({ created_at }) as GeneratedImage
    const times = [
      '2026-11-20T12:00:00.000Z',
      '2026-11-02T12:00:00.000Z',
      '2026-10-15T12:00:00.000Z',
      '2025-10-15T12:00:00.000Z',
    ]
    const groups = groupByMonth(times.map(made), Date.parse('2026-11-20T13:00:00Z'))
    expect(groups.map(({ name, items }) => [name, items.length])).toEqual([
      ['November', 2],
      ['October', 1],
      ['October 2025', 1],
    ])
  })

  it.each([
    [0, '1 kB'],
    [812_345, '812 kB'],
    [999_600, '1.0 MB'],
    [2_140_000, '2.1 MB'],
    [123_456_789, '123 MB'],
  ])('says %d bytes as %s', (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words)
  })
})
