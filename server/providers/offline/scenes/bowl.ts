import { darker, hex, lighter, mix } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, sided, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { fruit, type Fruit, fruitNamed } from './fruit.ts'
import { shadow } from './table-shadow.ts'
import type { Stage } from './stage.ts'

/** A glazed bowl, (x, y) the middle of its foot, `size` half its width; with fruit where fruit is spoken of. */
export function* bowl(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  const dim = 0.4 * (1 - palette.daylight)
  const glaze = darker(scene.colourOf.vessel ?? mix(palette.accents[3], hex('#e9e2d2'), 0.35), dim)
  const rimY = y - size * 0.84
  const deep = size * 0.25
  yield* shadow(stage, x, y, size * 0.95, size * 0.24)
  const inside = vertical(
    { y: rimY - deep, colour: darker(glaze, 0.62) },
    { y: rimY + deep, colour: lighter(glaze, 0.06) },
  )
  yield* brush.shape(ellipse(x, rimY, size, deep), inside, { crisp: true })
  const named = fruitNamed(scene.kind)
  const isFull = named !== undefined || scene.details.has('fruit')
  if (isFull) yield* heap(stage, x, rimY, size, named)

  const half = (from: number, to: number, radiusX: number, radiusY: number, level = rimY): Point[] =>
    Array.from({ length: 33 }, (_, at): Point => {
      const angle = from + ((to - from) * at) / 32
      return [x + Math.cos(angle) * radiusX, level + Math.sin(angle) * radiusY]
    })
  const side = (towards: 1 | -1): Point[] =>
    smooth(
      [
        [x + towards * size, rimY],
        [x + towards * size * 0.95, rimY + size * 0.3],
        [x + towards * size * 0.72, rimY + size * 0.6],
        [x + towards * size * 0.4, y - size * 0.08],
        [x + towards * size * 0.36, y - size * 0.02],
      ],
      false,
      10,
    )
  const front = [
    ...half(Math.PI, 0, size, deep),
    ...side(1),
    ...half(0, Math.PI, size * 0.36, size * 0.06, y - size * 0.02),
    ...side(-1).toReversed(),
  ]
  const body = sided(x + size * 0.22, size * 0.95, lighter(glaze, 0.26), darker(glaze, 0.42))
  yield* brush.shape(front, mottled(body, cloudNoise(), brush.unit, 0.07), { crisp: true })
  for (const [down, width, tone, alpha] of [
    [0.14, 0.035, lighter(glaze, 0.55), 0.75],
    [0.2, 0.012, darker(glaze, 0.4), 0.6],
  ] as const) {
    const ring = half(Math.PI * 0.93, Math.PI * 0.07, size * 0.988, deep).map(([atX, atY]): Point => [
      atX,
      atY + size * down,
    ])
    yield* brush.line(ring, size * width, size * width, () => tone, { alpha })
  }
  yield* brush.line(
    half(Math.PI * 0.98, Math.PI * 0.02, size * 0.985, deep),
    size * 0.035,
    size * 0.035,
    sided(x, size, lighter(glaze, 0.5), lighter(glaze, 0.12)),
  )
  if (!isFull)
    yield* brush.line(half(Math.PI, Math.PI * 2, size, deep), size * 0.025, size * 0.025, () =>
      lighter(glaze, 0.3),
    )
  yield* brush.glow(x - size * 0.5, rimY + size * 0.42, size * 0.36, lighter(palette.glow, 0.5), 0.55)
  if (!isFull) yield* fruit(stage, x + size * 1.12, y + size * 0.1, size * 0.27, 'pear')
}

type Row = readonly [count: number, reach: number, up: number]

/** So many pieces, 1 to 9, in rows from the back to the front: the front is filled first, then the back, then the top. */
function rowsOf(count: number): Row[] {
  const front = Math.min(4, count)
  const back = Math.min(3, count - front)
  const reach = [0, 0.26, 0.46, 0.66][front - 1] ?? 0
  const rows: Row[] = [
    [back, [0, 0.3, 0.52][back - 1] ?? 0, -0.04],
    [count - front - back, 0.28, -0.24],
    [front, reach, 0.2],
  ]
  return rows.filter(([pieces]) => pieces > 0)
}

/** Fruit from the back to the front, so that the front stands before the back, and all in the bowl. */
function* heap(stage: Stage, x: number, rimY: number, size: number, named: Fruit | undefined): Work {
  const { brush } = stage
  const mixed: readonly Fruit[] = ['orange', 'apple', 'plum', 'pear', 'peach', 'lemon']
  const small = named === 'cherry'
  const radius = size * (small ? 0.13 : 0.27)
  const rows: readonly Row[] = small
    ? [
        [7, 0.78, 0.02],
        [6, 0.62, -0.16],
        [4, 0.42, -0.32],
        [7, 0.72, 0.1],
        [5, 0.5, -0.1],
        [8, 0.84, 0.26],
      ]
    : rowsOf(stage.scene.count ?? 9)
  let picked = 0
  for (const [count, reach, up] of rows) {
    for (let at = 0; at < count; at++) {
      const across = count === 1 ? 0 : (at / (count - 1)) * 2 - 1
      const kind = named ?? mixed[picked++ % mixed.length]!
      const grown = radius * brush.between(0.92, 1.08) * (kind === 'pear' || kind === 'lemon' ? 0.86 : 1)
      const bow = across * across * size * 0.1
      yield* fruit(stage, x + across * reach * size, rimY + up * size - bow + radius * 0.7, grown, kind, {
        lying: false,
      })
    }
  }
}
