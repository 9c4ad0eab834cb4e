import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { idMaker, pooled } from '../server/ids.ts'

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

it('hands out pooled randomness once, whatever the sizes', () => {
  let next = 0
  const counted = pooled((size) => Buffer.from(Array.from({ length: size }, () => (next += 1) % 251)))
  const handed: number[] = []
  for (const size of [16, 2, 4000, 90, 5000, 16]) {
    const bytes = counted(size)
    expect(bytes).toHaveLength(size)
    // Whoever writes into what it was given changes nothing for others.
    handed.push(bytes.readUInt8(0), bytes.readUInt8(size - 1))
    bytes.fill(255)
  }
  expect(handed).not.toContain(255)
})
