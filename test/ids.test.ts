import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { idMaker } from '../server/ids.ts'

it('makes UUIDs of version 7 that sort in the order they were made, also when the clock stands or goes back', () => {
  let ms = 1_795_000_000_000
  const newId = idMaker({ now: () => ms }, randomBytes)
  const ids = Array.from({ length: 10_000 }, (_, index) => {
    if (index === 5000) ms -= 1000
    if (index % 1000 === 999) ms += 1
    return newId()
  })
  expect(ids.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
