/** The value below which a share of the samples lies, between neighbours by their distance. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5)
}

/** `1.23 (1.20–1.31)`: the median and the quartiles. */
export function spread(samples: readonly number[], unit = ''): string {
  const [middle, low, high] = [0.5, 0.25, 0.75].map((share) => figure(quantile(samples, share)))
  const suffix = unit === '' ? '' : ` ${unit}`
  return samples.length === 1 ? `${middle}${suffix}` : `${middle} (${low}–${high})${suffix}`
}

/** Three digits that mean something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/** Each sample of one arm divided by its neighbour of the other: what both had to bear falls out. */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, index) => value / (theirs[index] ?? Number.NaN))
}
