/** How a picture lies on its stage: magnified `scale` times from fitting it, moved by CSS pixels from the middle. */
export interface View {
  scale: number
  x: number
  y: number
}

/** A place on the stage, or its size, in CSS pixels; places are measured from its middle. */
export interface Point {
  x: number
  y: number
}

export const fit: View = { scale: 1, x: 0, y: 0 }
const most = 8

/** Magnifies by a factor; what lies under `point` stays there. */
export function zoomAt(view: View, factor: number, point: Point): View {
  const scale = Math.min(most, Math.max(1, view.scale * factor))
  if (scale === 1) return fit
  const by = scale / view.scale
  return { scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by }
}

/** Moves the picture, but never so far that its edge leaves the edge of the stage behind. */
export function pan(view: View, by: Point, picture: Point, stage: Point): View {
  const bound = (value: number, size: number, room: number) => {
    const reach = Math.max(0, (size * view.scale - room) / 2)
    return Math.min(reach, Math.max(-reach, value)) + 0
  }
  return {
    scale: view.scale,
    x: bound(view.x + by.x, picture.x, stage.x),
    y: bound(view.y + by.y, picture.y, stage.y),
  }
}

/** How much a turn of the wheel magnifies; a line or a page counts as so many pixels. */
export function wheelFactor(deltaY: number, deltaMode: number): number {
  const pixels = deltaY * ([1, 16, 400][deltaMode] ?? 1)
  return Math.exp(-Math.min(200, Math.max(-200, pixels)) / 300)
}
