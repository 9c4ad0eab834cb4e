import { expect, it } from 'vitest'
import type { Message } from '../../server/contract/messages.ts'
import { SeenPictures, type Seeable } from '../../public/app/seen-pictures.ts'

const picture = (id: string): Seeable => ({
  id,
  url: `/${id}`,
  width: 1,
  height: 1,
  alt: id,
  thumbhash: null,
})

/** A question and an answer with pictures, for each group of ids. */
function branch(...groups: string[][]): Message[] {
  return groups.flatMap((ids, index) => [
    { id: `q${index}`, sender: 'user', attachments: [], generated_images: [] },
    { id: `a${index}`, sender: 'model', attachments: [], generated_images: ids.map(picture) },
    // Only these fields are looked at.
  ]) as unknown as Message[]
}
const said = (seen: SeenPictures, messages: Message[], attached: Seeable[] = []) =>
  seen
    .strip(messages, attached)
    .map(({ picture: { id }, shown, pinned }) => `${shown ? '+' : '-'}${id}${pinned ? '!' : ''}`)
    .join(' ')

it('shows the pictures of the last 3 turns, at most 2 a message', () => {
  expect(said(new SeenPictures(), branch(['old'], ['a'], ['b', 'c', 'd'], ['e']))).toBe('+a +b +c +e')
})

it('keeps an unticked picture in its place, and lets it be ticked again', () => {
  const seen = new SeenPictures()
  seen.toggle(picture('b'))
  expect(said(seen, branch(['a'], ['b'], ['c']))).toBe('+a -b +c')
  expect(seen.context()).toEqual({ pin: [], drop: ['b'] })
  seen.toggle(picture('b'))
  expect(said(seen, branch(['a'], ['b'], ['c']))).toBe('+a +b +c')
  expect(seen.context()).toBeUndefined()
})

it('keeps a pinned picture in sight when it stands further up, also one that was unticked', () => {
  const seen = new SeenPictures()
  seen.toggle(picture('old'))
  seen.pin(picture('old'))
  expect(said(seen, branch(['old'], ['a'], ['b'], ['c']))).toBe('+old! +a +b +c')
  expect(seen.context()).toEqual({ pin: ['old'], drop: [] })
})

it('forgets an unticked picture that is out of sight', () => {
  const seen = new SeenPictures()
  seen.toggle(picture('old'))
  expect(said(seen, branch(['old'], ['a'], ['b'], ['c']))).toBe('+a +b +c')
})

it('counts what is attached, without showing it twice', () => {
  const attached = 'abcdefg'.split('').map(picture)
  expect(said(new SeenPictures(), branch(['x', 'y']), attached)).toBe('+y')
})
