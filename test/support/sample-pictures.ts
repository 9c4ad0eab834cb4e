import sharp from 'sharp'

export interface SampleSize {
  width?: number
  height?: number
  /** Different seeds give different colours, hence different bytes; the same seed the same bytes. */
  seed?: string | number
}

const made = new Map<string, Promise<Buffer>>()

/**
 * A real PNG (1024 × 1024 unless told) of a landscape whose colours come from the seed; made once a process.
 * @param minBytes at least so many bytes, reached by noise; about 3 × width × height is the most.
 */
export function samplePng(sample: SampleSize & { minBytes?: number } = {}): Promise<Buffer> {
  const { width, height, seed } = withDefaults(sample)
  const minBytes = sample.minBytes ?? 0
  if (minBytes > width * height * 3) {
    throw new Error(`A PNG of ${width}x${height} has no room for ${minBytes} bytes; ask for a larger one.`)
  }
  return once(`png ${width} ${height} ${seed} ${minBytes}`, async () => {
    const pixels = landscape(width, height, seed)
    addNoise(pixels.subarray(0, minBytes), seed)
    return await raw(pixels, width, height).png({ compressionLevel: 3 }).toBuffer()
  })
}

/** The same picture as JPEG. */
export function sampleJpeg(sample: SampleSize = {}): Promise<Buffer> {
  const { width, height, seed } = withDefaults(sample)
  return once(`jpeg ${width} ${height} ${seed}`, () =>
    raw(landscape(width, height, seed), width, height)
      .jpeg({ quality: 85 })
      .toBuffer(),
  )
}

/** The same picture as WebP. */
export function sampleWebp(sample: SampleSize = {}): Promise<Buffer> {
  const { width, height, seed } = withDefaults(sample)
  return once(`webp ${width} ${height} ${seed}`, () =>
    raw(landscape(width, height, seed), width, height)
      .webp({ quality: 85, effort: 0 })
      .toBuffer(),
  )
}

function withDefaults({ width = 1024, height = 1024, seed = 1 }: SampleSize) {
  return { width, height, seed: hash(String(seed)) }
}

function once(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const known = made.get(key)
  if (known) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}

function raw(pixels: Buffer, width: number, height: number) {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193) >>> 0
  return state
}

type Colour = readonly [number, number, number]

/** Sky from one colour to another, a sun, two rows of hills: RGB, three bytes a pixel. */
function landscape(width: number, height: number, seed: number): Buffer {
  const high = colour(seed)
  const low = colour(seed >>> 7)
  const sun = { x: width * fraction(seed, 3), y: height * (0.15 + 0.3 * fraction(seed, 9)), r: height * 0.09 }
  const phase = fraction(seed, 13) * 6.28
  const pixels = Buffer.alloc(width * height * 3)
  for (let x = 0; x < width; x++) {
    const far = height * (0.62 + 0.08 * Math.sin(phase + (x / width) * 5))
    const near = height * (0.78 + 0.1 * Math.sin(phase * 2 + (x / width) * 8))
    for (let y = 0; y < height; y++) {
      const inSun = (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.r ** 2
      const down = y / height
      const shade = y > near ? 0.3 : y > far ? 0.6 : 1
      const at = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel++) {
        const sky = (high[channel] ?? 0) * (1 - down) + (low[channel] ?? 0) * down
        pixels[at + channel] = inSun && shade === 1 ? 250 - channel * 20 : sky * shade
      }
    }
  }
  return pixels
}

function colour(seed: number): Colour {
  return [60 + 190 * fraction(seed, 0), 60 + 190 * fraction(seed, 8), 60 + 190 * fraction(seed, 16)]
}

/** Eight bits of the seed as a number from 0 to 1. */
function fraction(seed: number, shift: number): number {
  return ((seed >>> shift) & 0xff) / 255
}

/** Fills with xorshift32, which no PNG filter can compress. */
function addNoise(bytes: Buffer, seed: number): void {
  let state = seed || 1
  for (let i = 0; i < bytes.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
}
