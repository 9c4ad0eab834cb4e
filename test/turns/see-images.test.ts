import { expect, it } from 'vitest'
import { chooseImages } from '../../server/contract/choose-images.ts'
import type { ImageRow } from '../../server/store/image-row.ts'
import type { MessageRow } from '../../server/store/messages.ts'

/** Newest first: the question q, then pairs of model (m1 newest) and user (u1) messages. */
function branch(pairs: number): MessageRow[] {
  const rows: Pick<MessageRow, 'id' | 'sender'>[] = [{ id: 'q', sender: 'user' }]
  for (let pair = 1; pair <= pairs; pair += 1)
    rows.push({ id: `m${pair}`, sender: 'model' }, { id: `u${pair}`, sender: 'user' })
  // Only these two fields are looked at.
  return rows as MessageRow[]
}
const pictures = (...ids: string[]) => ids.map((id) => ({ id }) as ImageRow)
const chosen = (
  generated: Record<string, ImageRow[]>,
  attached: Record<string, ImageRow[]> = {},
  pinned: ImageRow[] = [],
  drop: string[] = [],
) =>
  chooseImages(branch(5), new Map(Object.entries(generated)), new Map(Object.entries(attached)), pinned, {
    drop,
  }).map(({ id }) => id)

it('looks at the last 3 turns, at most 2 pictures a message, oldest first', () => {
  expect(chosen({ m1: pictures('a', 'b', 'c'), m3: pictures('d'), m4: pictures('e') })).toEqual([
    'd',
    'a',
    'b',
  ])
})

it('takes generated pictures from the model only, and the user’s own from wherever they are attached', () => {
  expect(chosen({ u1: pictures('x') }, { q: pictures('own'), u2: pictures('older') })).toEqual([
    'older',
    'own',
  ])
})

it('adds what is pinned and leaves out what is dropped', () => {
  expect(chosen({ m1: pictures('a', 'b') }, {}, pictures('old'), ['a'])).toEqual(['old', 'b'])
})

it('shows one picture once, and never more than eight', () => {
  expect(chosen({ m1: pictures('a') }, { q: pictures('a') })).toEqual(['a'])
  expect(chosen({}, { q: pictures(...'abcdefghij'.split('')) })).toEqual('cdefghij'.split(''))
})
