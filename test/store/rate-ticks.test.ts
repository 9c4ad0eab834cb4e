import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Db, openDatabase } from '../../server/store/database.ts'
import { createRateTicks, type RateTicks } from '../../server/store/rate-ticks.ts'

const start = 1_800_000_000_000
const second = 1000
let folder: string
let db: Db
let ticks: RateTicks
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'easel-ticks-'))
  db = openDatabase(folder, () => start)
  ticks = createRateTicks(db)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const takeAt = (seconds: number, bucket = 'b') => ticks.take(bucket, 3, 60 * second, start + seconds * second)

const count = () => db.prepare<[], { n: number }>('select count(*) as n from rate_ticks').get()?.n

it('allows the limit within a window that slides, and says what is left and how long to wait', () => {
  expect(takeAt(0)).toMatchObject({ allowed: true, remaining: 2, retryAfterSeconds: 0 })
  expect(takeAt(20)).toMatchObject({ allowed: true, remaining: 1 })
  expect(takeAt(40)).toMatchObject({ allowed: true, remaining: 0 })
  expect(takeAt(40.5)).toEqual({ allowed: false, remaining: 0, retryAfterSeconds: 20, tick: undefined })
  expect(takeAt(59.999)).toMatchObject({ allowed: false, retryAfterSeconds: 1 })
  expect(takeAt(60)).toMatchObject({ allowed: true, remaining: 0 })
  expect(takeAt(60)).toMatchObject({ allowed: false, retryAfterSeconds: 20 })
})

it('does not count whoever is refused', () => {
  for (let n = 0; n < 3; n += 1) takeAt(0)
  for (let n = 0; n < 20; n += 1) expect(takeAt(30).allowed).toBe(false)
  expect(takeAt(60)).toMatchObject({ allowed: true, remaining: 2 })
})

it('keeps buckets apart', () => {
  for (let n = 0; n < 3; n += 1) takeAt(0, 'one')
  expect(takeAt(0, 'one').allowed).toBe(false)
  expect(takeAt(0, 'two').allowed).toBe(true)
})

it('gives back what turned out not to count', () => {
  takeAt(0)
  takeAt(0)
  const third = takeAt(0)
  expect(third.allowed).toBe(true)
  if (third.allowed) ticks.giveBack(third.tick)
  expect(takeAt(0).allowed).toBe(true)
  expect(takeAt(0).allowed).toBe(false)
})

it('tells the wait without counting', () => {
  for (let n = 0; n < 5; n += 1) expect(ticks.wait('b', 3, 60 * second, start)).toBe(0)
  for (const seconds of [0, 10, 20]) takeAt(seconds)
  expect(ticks.wait('b', 3, 60 * second, start + 30 * second)).toBe(30)
  // Under a limit that was lowered, all but the newest have to go first.
  expect(ticks.wait('b', 1, 60 * second, start + 30 * second)).toBe(50)
})

it('makes nobody wait longer than the window when the clock was set back', () => {
  for (let n = 0; n < 3; n += 1) takeAt(100_000)
  expect(takeAt(0)).toMatchObject({ allowed: false, retryAfterSeconds: 60 })
})

it('counts over connections and restarts', () => {
  const otherDb = openDatabase(folder, () => start)
  try {
    const other = createRateTicks(otherDb)
    const allowed = Array.from({ length: 10 }, (_, n) =>
      (n % 2 ? other : ticks).take('b', 5, 60 * second, start),
    )
    expect(allowed.filter((take) => take.allowed)).toHaveLength(5)
  } finally {
    otherDb.close()
  }
})

it('forgets what is over, in its own bucket by itself and elsewhere when swept', () => {
  takeAt(0, 'busy')
  takeAt(0, 'idle')
  takeAt(61, 'busy')
  expect(count()).toBe(2)
  ticks.sweep(start)
  expect(count()).toBe(1)
})
