/** What of the page lies where, in CSS pixels from the window's left and top. */
export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/**
 * Where an arrow key leads from one picture of a wall to another: along the line of reading, and up and down to the
 * nearest of the next row.
 * @param boxes of all pictures, in the order of reading
 * @param forward the arrow key that goes along the line of reading
 * @returns the place of the next one; undefined for other keys, and where nothing lies there
 */
export function walk(
  boxes: readonly Box[],
  at: number,
  key: string,
  forward: 'ArrowLeft' | 'ArrowRight',
): number | undefined {
  const here = boxes[at]
  if (!here) return undefined
  const within = (place: number) => (place in boxes ? place : undefined)
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return within(key === forward ? at + 1 : at - 1)
    case 'Home':
      return within(0)
    case 'End':
      return within(boxes.length - 1)
    case 'ArrowUp':
    case 'ArrowDown':
      return nearestOf(boxes, here, key === 'ArrowDown')
    default:
      return undefined
  }
}

/** The picture of the row below or above whose middle is nearest. */
function nearestOf(boxes: readonly Box[], here: Box, below: boolean): number | undefined {
  const middle = ({ left, right }: Box) => (left + right) / 2
  const others = boxes
    .map((box, place) => ({ box, place }))
    .filter(({ box }) => (below ? box.top >= here.bottom : box.bottom <= here.top))
  const edge = below
    ? Math.min(...others.map(({ box }) => box.top))
    : Math.max(...others.map(({ box }) => box.top))
  const row = others.filter(({ box }) => Math.abs(box.top - edge) < 2)
  return row.toSorted(
    (a, b) => Math.abs(middle(a.box) - middle(here)) - Math.abs(middle(b.box) - middle(here)),
  )[0]?.place
}
