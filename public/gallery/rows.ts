/** How tall rows would like to be, and what stands between pictures, both in CSS pixels. */
export interface RowRule {
  height: number
  gap: number
}

export interface Row {
  /** Places of the first picture and of the one after the last. */
  from: number
  to: number
  /** Sum of the pictures' widths, measured in the row's height. */
  sum: number
  /** How much of the wall the row fills; less than all of it only for the last one. */
  fill: number
}

/** How much taller than wished the last row may become to reach the end of the wall. */
const mostStretch = 1.2

/**
 * Breaks pictures into rows that fill the wall and are as nearly as possible of the wished height. A row depends on
 * those before it alone, so that what stands stays when more pictures are read.
 * @param ratios width by height of each picture
 * @param width of the wall, in CSS pixels
 */
export function rowsOf(ratios: readonly number[], width: number, { height, gap }: RowRule): Row[] {
  const rows: Row[] = []
  let from = 0
  let sum = 0
  const heightOf = (total: number, count: number) => Math.max(1, width - gap * (count - 1)) / total
  const far = (actual: number) => Math.abs(Math.log(actual / height))
  for (const [place, ratio] of ratios.entries()) {
    const count = place - from
    if (count > 0 && far(heightOf(sum, count)) <= far(heightOf(sum + ratio, count + 1))) {
      rows.push({ from, to: place, sum, fill: 1 })
      from = place
      sum = 0
    }
    sum += ratio
  }
  if (from < ratios.length) {
    const natural = heightOf(sum, ratios.length - from)
    rows.push({ from, to: ratios.length, sum, fill: natural <= height * mostStretch ? 1 : height / natural })
  }
  return rows
}
