import { array, assert, constantFrom, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsOf } from '../../public/gallery/rows.ts'
import { walk } from '../../public/gallery/walk.ts'

describe('rows of a wall', () => {
  const rule = { height: 150, gap: 6 }
  const heights = (ratios: readonly number[], width: number) =>
    rowsOf(ratios, width, rule).map(({ from, to, sum, fill }) =>
      Math.round(((width - rule.gap * (to - from - 1)) / sum) * fill),
    )

  it('are as high as wished as nearly as the pictures allow', () => {
    expect(heights([1, 1.78, 1, 1, 0.75], 358)).toEqual([127, 176, 150])
    expect(heights([1.5, 1.5, 1.5], 1200)).toEqual([150])
    // A picture alone is not stretched over the whole wall where the row is the last one.
    expect(heights([1], 1200)).toEqual([150])
  })

  it('hold every picture once, in order, and stay when more are read', () => {
    const ratio = double({ min: 0.5, max: 3, noNaN: true })
    assert(
      property(
        array(ratio, { maxLength: 40 }),
        array(ratio, { maxLength: 9 }),
        constantFrom(300, 358, 1000),
        (some, more, width) => {
          const rows = rowsOf(some, width, rule)
          expect(rows.flatMap(({ from, to }) => some.slice(from, to))).toEqual(some)
          expect(rows.every(({ fill }) => fill > 0 && fill <= 1)).toBe(true)
          expect(rowsOf([...some, ...more], width, rule).slice(0, Math.max(0, rows.length - 1))).toEqual(
            rows.slice(0, -1),
          )
          for (const height of heights(some, width).slice(0, -1)) {
            expect(height).toBeGreaterThan(60)
            expect(height).toBeLessThan(rule.height * 2.3)
          }
        },
      ),
    )
  })
})

describe('arrow keys on a wall', () => {
  const box = (left: number, top: number, width: number) => ({
    left,
    right: left + width,
    top,
    bottom: top + 100,
  })
  const wall = [box(0, 0, 200), box(210, 0, 100), box(0, 110, 100), box(110, 110, 200), box(0, 220, 310)]

  it.each([
    [0, 'ArrowRight', 1],
    [1, 'ArrowRight', 2],
    [1, 'ArrowLeft', 0],
    [0, 'ArrowLeft', undefined],
    [4, 'ArrowRight', undefined],
    [1, 'ArrowDown', 3],
    [0, 'ArrowDown', 2],
    [3, 'ArrowUp', 1],
    [4, 'ArrowUp', 3],
    [0, 'ArrowUp', undefined],
    [4, 'ArrowDown', undefined],
    [3, 'Home', 0],
    [0, 'End', 4],
    [0, 'Enter', undefined],
  ])('from %i by %s to %s', (at, key, to) => {
    expect(walk(wall, at, key, 'ArrowRight')).toBe(to)
  })

  it('go along the line of reading', () => {
    expect(walk(wall, 0, 'ArrowLeft', 'ArrowLeft')).toBe(1)
    expect(walk(wall, 1, 'ArrowRight', 'ArrowLeft')).toBe(0)
  })
})
