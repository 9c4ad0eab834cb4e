import type { Sharp, SharpOptions } from 'sharp'
import { mostPixels } from './check-png.ts'

type SharpModule = (typeof import('sharp'))['default']

let loaded: Promise<SharpModule> | undefined

/**
 * sharp, loaded when a picture first needs it (it costs 30 ms and 15 MB), and then for the whole process
 * restricted to reading PNG, JPEG and WebP: libvips would otherwise also open SVG, PDF and whatever else the
 * bytes claim to be. The names are those of libvips' loader classes; a base class covers its file and buffer forms.
 */
function loadSharp(): Promise<SharpModule> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'],
    })
    // Two pictures at once, one thread each, leave a core of two to the event loop's own threads.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loaded
}

const atOnce = 2
let working = 0
const waiting: (() => void)[] = []

/** Does work with sharp, at most two pieces at once in the whole process; the rest wait in order. */
export async function withSharp<T>(work: (sharp: SharpModule) => Promise<T>): Promise<T> {
  const sharp = await loadSharp()
  if (working >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else working += 1
  try {
    return await work(sharp)
  } finally {
    // The place is handed to the next in line rather than given back, so nobody overtakes.
    const next = waiting.shift()
    if (next) next()
    else working -= 1
  }
}

/**
 * Opens an untrusted picture for decoding: 50,000,000 pixels, first frame only, upright as its EXIF says,
 * 10 seconds; damaged or cut files are refused.
 */
export function openPicture(sharp: SharpModule, source: string | Uint8Array): Sharp {
  const options: SharpOptions = {
    limitInputPixels: mostPixels,
    failOn: 'error',
    page: 0,
    pages: 1,
    autoOrient: true,
  }
  return sharp(source, options).timeout({ seconds: 10 })
}
