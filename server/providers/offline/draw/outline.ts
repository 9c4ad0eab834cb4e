import type { Point } from './mask.ts'

/** An ellipse as an outline, turned by `turn` radians. */
export function ellipse(x: number, y: number, radiusX: number, radiusY = radiusX, turn = 0): Point[] {
  const count = Math.max(16, Math.min(96, Math.ceil(Math.max(radiusX, radiusY) * 0.8)))
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  return Array.from({ length: count }, (_, at): Point => {
    const angle = (at / count) * Math.PI * 2
    const dx = Math.cos(angle) * radiusX
    const dy = Math.sin(angle) * radiusY
    return [x + dx * cos - dy * sin, y + dx * sin + dy * cos]
  })
}

export function rectangle(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** A smooth curve through all points (Catmull-Rom). */
export function smooth(points: readonly Point[], closed = true, steps = 10): Point[] {
  const count = points.length
  const pick = (at: number): Point =>
    points[closed ? (at + count) % count : Math.max(0, Math.min(count - 1, at))]!
  const curve: Point[] = []
  const segments = closed ? count : count - 1
  for (let at = 0; at < segments; at++) {
    const [before, from, to, after] = [pick(at - 1), pick(at), pick(at + 1), pick(at + 2)]
    for (let step = 0; step < steps; step++) {
      const t = step / steps
      curve.push([
        spline(before[0], from[0], to[0], after[0], t),
        spline(before[1], from[1], to[1], after[1], t),
      ])
    }
  }
  if (!closed) curve.push(pick(count - 1))
  return curve
}

function spline(before: number, from: number, to: number, after: number, t: number): number {
  return (
    0.5 *
    (2 * from +
      (to - before) * t +
      (2 * before - 5 * from + 4 * to - after) * t * t +
      (3 * from - before - 3 * to + after) * t * t * t)
  )
}

/** A line with a thickness that goes from `startWidth` to `endWidth`, as an outline. */
export function stroke(points: readonly Point[], startWidth: number, endWidth = startWidth): Point[] {
  const left: Point[] = []
  const right: Point[] = []
  for (const [at, [x, y]] of points.entries()) {
    const before = points[Math.max(0, at - 1)]!
    const after = points[Math.min(points.length - 1, at + 1)]!
    const dx = after[0] - before[0]
    const dy = after[1] - before[1]
    const length = Math.hypot(dx, dy) || 1
    const half = (startWidth + (endWidth - startWidth) * (at / Math.max(1, points.length - 1))) / 2
    left.push([x - (dy / length) * half, y + (dx / length) * half])
    right.push([x + (dy / length) * half, y - (dx / length) * half])
  }
  return [...left, ...right.toReversed()]
}

/** The same outline drawn by a less steady hand: cut into short pieces, each moved up to `amount` pixels. */
export function roughened(points: readonly Point[], amount: number, random: () => number): Point[] {
  const piece = Math.max(5, amount * 5)
  const rough: Point[] = []
  let from = points[points.length - 1]!
  for (const to of points) {
    const pieces = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / piece))
    for (let at = 1; at <= pieces; at++) {
      const share = at / pieces
      rough.push([
        from[0] + (to[0] - from[0]) * share + (random() - 0.5) * 2 * amount,
        from[1] + (to[1] - from[1]) * share + (random() - 0.5) * 2 * amount,
      ])
    }
    from = to
  }
  return rough.length < 3 ? [...points] : smooth(rough, true, 3)
}
