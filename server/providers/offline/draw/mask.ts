/** A place on the picture in pixels from its upper left corner. */
export type Point = readonly [x: number, y: number]

/** Which pixels of a rectangle a shape covers, 0 to 255 each. */
export interface Mask {
  left: number
  top: number
  width: number
  height: number
  cover: Uint8Array
}

const subRows = 4

/** The pixels inside a closed outline (non-zero winding), with smooth edges; undefined when none is on the picture. */
export function polygonMask(
  points: readonly Point[],
  pictureWidth: number,
  pictureHeight: number,
  margin = 0,
): Mask | undefined {
  let minX = Infinity
  let minY = Infinity
  let maxX = -Infinity
  let maxY = -Infinity
  for (const [x, y] of points) {
    minX = Math.min(minX, x)
    minY = Math.min(minY, y)
    maxX = Math.max(maxX, x)
    maxY = Math.max(maxY, y)
  }
  const left = Math.max(0, Math.floor(minX) - margin)
  const top = Math.max(0, Math.floor(minY) - margin)
  const width = Math.min(pictureWidth, Math.ceil(maxX) + 1 + margin) - left
  const height = Math.min(pictureHeight, Math.ceil(maxY) + 1 + margin) - top
  if (!(width > 0 && height > 0)) return undefined

  const cover = new Uint8Array(width * height)
  const row = new Float32Array(width + 1)
  const edges = edgesByRow(points, top, height)
  const crossings: Crossing[] = []
  for (let y = 0; y < height; y++) {
    const near = edges[y]
    if (near === undefined) continue
    row.fill(0)
    for (let sub = 0; sub < subRows; sub++) {
      findCrossings(near, top + y + (sub + 0.5) / subRows, crossings)
      let winding = 0
      for (let at = 0; at + 1 < crossings.length; at++) {
        const here = crossings[at]!
        winding += here.turn
        if (winding !== 0) addSpan(row, here.x - left, crossings[at + 1]!.x - left, width)
      }
    }
    for (let x = 0; x < width; x++) cover[y * width + x] = Math.min(255, row[x]! * (255 / subRows) + 0.5)
  }
  return { left, top, width, height, cover }
}

interface Crossing {
  x: number
  turn: number
}

type Edge = readonly [from: Point, to: Point]

/** Which edges of the outline touch each row. */
function edgesByRow(points: readonly Point[], top: number, height: number): Edge[][] {
  const rows: Edge[][] = []
  let from = points[points.length - 1]!
  for (const to of points) {
    const first = Math.max(0, Math.floor(Math.min(from[1], to[1])) - top)
    const last = Math.min(height - 1, Math.floor(Math.max(from[1], to[1])) - top)
    for (let y = first; y <= last; y++) (rows[y] ??= []).push([from, to])
    from = to
  }
  return rows
}

function findCrossings(edges: readonly Edge[], y: number, found: Crossing[]): void {
  found.length = 0
  for (const [from, to] of edges) {
    const fromAbove = from[1] <= y
    if (fromAbove === to[1] <= y) continue
    const share = (y - from[1]) / (to[1] - from[1])
    found.push({ x: from[0] + (to[0] - from[0]) * share, turn: fromAbove ? 1 : -1 })
  }
  if (found.length > 1) found.sort((one, other) => one.x - other.x)
}

function addSpan(row: Float32Array, from: number, to: number, width: number): void {
  const start = Math.max(0, from)
  const end = Math.min(width, to)
  if (end <= start) return
  const first = Math.floor(start)
  const last = Math.floor(end)
  if (first === last) {
    row[first]! += end - start
    return
  }
  row[first]! += first + 1 - start
  for (let x = first + 1; x < last; x++) row[x]! += 1
  row[last]! += end - last
}

/** Everything below a line of heights (one y per column) down to `bottom`. */
export function belowMask(heights: Float32Array, pictureHeight: number, bottom = pictureHeight): Mask {
  const width = heights.length
  let highest = pictureHeight
  for (const y of heights) highest = Math.min(highest, y)
  const top = Math.max(0, Math.floor(highest) - 1)
  const height = Math.max(0, Math.min(pictureHeight, Math.ceil(bottom)) - top)
  const cover = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const middle = top + y + 0.5
    for (let x = 0; x < width; x++) {
      const inside = middle - heights[x]! + 0.5
      if (inside > 0) cover[y * width + x] = inside >= 1 ? 255 : inside * 255
    }
  }
  return { left: 0, top, width, height, cover }
}

/** The same mask, blurred along both axes by a box with this radius in pixels. */
export function* blurred(mask: Mask, radius: number): Generator<number, Mask, undefined> {
  const box = Math.round(radius)
  if (box < 1) return mask
  const { width, height } = mask
  const across = new Uint8Array(width * height)
  const cover = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    boxLine(mask.cover, across, y * width, 1, width, box)
    yield width / 4
  }
  for (let x = 0; x < width; x++) {
    boxLine(across, cover, x, width, height, box)
    yield height / 4
  }
  return { ...mask, cover }
}

function boxLine(
  source: Uint8Array,
  target: Uint8Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  const share = 1 / (2 * radius + 1)
  const last = start + (count - 1) * step
  const first = source[start]!
  const end = source[last]!
  let sum = first * (radius + 1)
  for (let place = 0; place < radius; place++) sum += source[start + Math.min(place, count - 1) * step]!
  for (let place = 0; place < count; place++) {
    const entering = place + radius
    const leaving = place - radius - 1
    sum += entering < count ? source[start + entering * step]! : end
    sum -= leaving >= 0 ? source[start + leaving * step]! : first
    target[start + place * step] = sum * share
  }
}
