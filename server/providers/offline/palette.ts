import { brightnessOf, darker, fromHsl, hex, lighter, mix, type Rgb, saturate, toHsl } from './draw/colour.ts'
import type { Light, Mood, Scene, Weather } from './scene.ts'

/** The colours of one picture, chosen together. */
export interface Palette {
  zenith: Rgb
  sky: Rgb
  horizon: Rgb
  cloudLight: Rgb
  cloudShade: Rgb
  /** Sun or moon, and the light round it. */
  orb: Rgb
  glow: Rgb
  /** What lies far away fades towards this. */
  haze: Rgb
  far: Rgb
  near: Rgb
  /** Grass, leaves and needles in this light. */
  green: Rgb
  sand: Rgb
  rock: Rgb
  snow: Rgb
  water: Rgb
  deep: Rgb
  /** Lamps and windows. */
  lamp: Rgb
  /** Strong colours for things that are meant to be looked at. */
  accents: readonly [Rgb, Rgb, Rgb, Rgb]
  /** How strong the light is on things, 0 (night) to 1 (noon). */
  daylight: number
}

function palette(
  codes: Record<Exclude<keyof Palette, 'accents' | 'daylight'>, string>,
  accents: readonly [string, string, string, string],
  daylight: number,
): Palette {
  return {
    zenith: hex(codes.zenith),
    sky: hex(codes.sky),
    horizon: hex(codes.horizon),
    cloudLight: hex(codes.cloudLight),
    cloudShade: hex(codes.cloudShade),
    orb: hex(codes.orb),
    glow: hex(codes.glow),
    haze: hex(codes.haze),
    far: hex(codes.far),
    near: hex(codes.near),
    green: hex(codes.green),
    sand: hex(codes.sand),
    rock: hex(codes.rock),
    snow: hex(codes.snow),
    water: hex(codes.water),
    deep: hex(codes.deep),
    lamp: hex(codes.lamp),
    accents: [hex(accents[0]), hex(accents[1]), hex(accents[2]), hex(accents[3])],
    daylight,
  }
}

const byLight: Record<Light, Palette> = {
  sunrise: palette(
    {
      zenith: '#7ea3cc',
      sky: '#e9c3bd',
      horizon: '#ffdca6',
      cloudLight: '#fff0dc',
      cloudShade: '#d9a3a8',
      orb: '#fff6d8',
      glow: '#ffc877',
      haze: '#f7d2b4',
      far: '#b99bb0',
      near: '#3f3a58',
      green: '#4c5d4e',
      sand: '#d9a982',
      rock: '#6d6178',
      snow: '#fbe9e0',
      water: '#b9a9bd',
      deep: '#44587a',
      lamp: '#ffd98a',
    },
    ['#d8573c', '#f2a65a', '#f6e7cf', '#40587c'],
    0.8,
  ),
  day: palette(
    {
      zenith: '#3f8fd6',
      sky: '#8fc4ea',
      horizon: '#e3f1ee',
      cloudLight: '#ffffff',
      cloudShade: '#b7cbdc',
      orb: '#fffbe2',
      glow: '#fff3c4',
      haze: '#d3e7ec',
      far: '#8fb2cc',
      near: '#2c5648',
      green: '#4f8a4c',
      sand: '#e6c58c',
      rock: '#7c8590',
      snow: '#f7fafc',
      water: '#5fb0c4',
      deep: '#1d5f86',
      lamp: '#ffe6a0',
    },
    ['#d94f3d', '#f0b541', '#faf5e6', '#2f6d9c'],
    1,
  ),
  golden: palette(
    {
      zenith: '#6f93b8',
      sky: '#eec48a',
      horizon: '#ffe0a0',
      cloudLight: '#fff0cf',
      cloudShade: '#d99a66',
      orb: '#fff3c0',
      glow: '#ffbf5a',
      haze: '#f3cd94',
      far: '#b58c6c',
      near: '#4a3a2a',
      green: '#7b7b3a',
      sand: '#dfa860',
      rock: '#86684f',
      snow: '#fff0d8',
      water: '#c9a274',
      deep: '#5a5a5c',
      lamp: '#ffdc8c',
    },
    ['#c9482b', '#eea436', '#fbeed0', '#55617a'],
    0.85,
  ),
  dusk: palette(
    {
      zenith: '#372f66',
      sky: '#a8527f',
      horizon: '#ff9c5e',
      cloudLight: '#ffb38a',
      cloudShade: '#6d3f75',
      orb: '#ffe7ae',
      glow: '#ff8a4c',
      haze: '#dd8271',
      far: '#865882',
      near: '#1e1834',
      green: '#2f3140',
      sand: '#b06a5c',
      rock: '#4a3a58',
      snow: '#e4b8c0',
      water: '#a8607c',
      deep: '#2b2a56',
      lamp: '#ffd37a',
    },
    ['#e2574c', '#ff9e57', '#f6d9c4', '#5a4a8c'],
    0.5,
  ),
  night: palette(
    {
      zenith: '#060b22',
      sky: '#12214e',
      horizon: '#34508a',
      cloudLight: '#3a5288',
      cloudShade: '#131f45',
      orb: '#f8f1d6',
      glow: '#93aee0',
      haze: '#2c437a',
      far: '#263c70',
      near: '#060a1a',
      green: '#0f2430',
      sand: '#46507a',
      rock: '#1c2748',
      snow: '#9fb2d8',
      water: '#27427c',
      deep: '#081230',
      lamp: '#ffd27a',
    },
    ['#c2483f', '#f0b25a', '#cfd6e6', '#3b5c9c'],
    0.22,
  ),
}

/** What a weather makes of the colours: how far towards these greys, and how much colour stays. */
const byWeather: Record<
  Weather,
  { pull: number; sky: string; low: string; haze: string; colour: number; snow: boolean }
> = {
  clear: { pull: 0, sky: '#ffffff', low: '#ffffff', haze: '#ffffff', colour: 1, snow: false },
  cloudy: { pull: 0.35, sky: '#9aa9b8', low: '#d6dcdd', haze: '#cfd6d8', colour: 0.85, snow: false },
  fog: { pull: 0.72, sky: '#b9c4c8', low: '#e6e9e4', haze: '#dfe4e1', colour: 0.5, snow: false },
  rain: { pull: 0.68, sky: '#5f6f7e', low: '#b3bfc4', haze: '#9dabb2', colour: 0.6, snow: false },
  storm: { pull: 0.85, sky: '#2a323c', low: '#8a979c', haze: '#66737b', colour: 0.55, snow: false },
  snow: { pull: 0.62, sky: '#a5b8cf', low: '#e6edf4', haze: '#dbe5ee', colour: 0.75, snow: true },
}

/** The colours for a scene: its light, its weather, what it names, its mood. */
export function paletteFor(scene: Scene): Palette {
  return inMood(withNamedColours(inWeather(byLight[scene.light], scene.weather), scene), scene.moods)
}

function inWeather(base: Palette, weather: Weather): Palette {
  const { pull, sky, low, haze, colour, snow } = byWeather[weather]
  if (pull === 0) return base
  // Night stays night: greys are taken at the brightness of the light.
  const level = 0.25 + 0.75 * base.daylight
  const grey = (code: string): Rgb => darker(hex(code), 1 - level)
  const calm = (own: Rgb): Rgb => saturate(own, colour)
  const land = (own: Rgb): Rgb => calm(mix(own, grey(low), pull * 0.18))
  return {
    ...base,
    zenith: mix(base.zenith, grey(sky), pull),
    sky: mix(base.sky, mix(grey(sky), grey(low), 0.55), pull),
    horizon: mix(base.horizon, grey(low), pull * 0.9),
    cloudLight: mix(base.cloudLight, grey(low), pull * 0.8),
    cloudShade: mix(base.cloudShade, grey(sky), pull),
    glow: mix(base.glow, grey(low), pull * 0.5),
    haze: mix(base.haze, grey(haze), pull),
    far: mix(base.far, mix(grey(haze), grey(sky), 0.4), pull * 0.75),
    near: calm(base.near),
    green: snow ? mix(base.green, grey('#5d7387'), 0.45) : land(base.green),
    sand: snow ? grey('#dfe7ef') : land(base.sand),
    rock: land(base.rock),
    water: mix(base.water, mix(grey(sky), grey(low), 0.35), pull * 0.8),
    deep: mix(base.deep, darker(grey(sky), 0.45), pull * 0.7),
    daylight: base.daylight * (weather === 'storm' ? 0.6 : 0.9),
  }
}

function withNamedColours(base: Palette, scene: Scene): Palette {
  let tinted = base
  const [first, second = first, third = second] = scene.colours
  if (first && second && third) {
    tinted = {
      ...tinted,
      zenith: toned(tinted.zenith, first, 0.7),
      sky: toned(tinted.sky, second, 0.55),
      horizon: toned(tinted.horizon, second, 0.5),
      haze: toned(tinted.haze, second, 0.45),
      far: toned(tinted.far, first, 0.7),
      near: toned(tinted.near, third, 0.6),
      water: toned(tinted.water, first, 0.6),
      accents: [first, second, tinted.accents[2], third],
    }
  }
  const { sky, land, water, light } = scene.colourOf
  if (sky) tinted = { ...tinted, ...skyIn(sky, tinted) }
  if (land) {
    tinted = {
      ...tinted,
      far: mix(toned(tinted.far, land, 0.85), tinted.haze, 0.2),
      near: toned(tinted.near, land, 0.85),
      green: toned(tinted.green, land, 0.9),
      sand: toned(tinted.sand, land, 0.9),
      rock: toned(tinted.rock, land, 0.8),
    }
  }
  if (water)
    tinted = { ...tinted, water: toned(tinted.water, water, 0.9), deep: toned(tinted.deep, water, 0.9) }
  if (light) tinted = { ...tinted, glow: light, orb: mix(tinted.orb, light, 0.55), lamp: light }
  return tinted
}

function skyIn(colour: Rgb, base: Palette): Partial<Palette> {
  return {
    zenith: toned(base.zenith, darker(colour, 0.25), 0.92),
    sky: toned(base.sky, colour, 0.92),
    horizon: mix(toned(base.horizon, lighter(colour, 0.35), 0.75), base.horizon, 0.25),
    cloudLight: toned(base.cloudLight, lighter(colour, 0.4), 0.5),
    cloudShade: toned(base.cloudShade, darker(colour, 0.2), 0.7),
    haze: toned(base.haze, colour, 0.5),
    water: toned(base.water, colour, 0.4),
  }
}

/** The hue of `wish` at about the brightness of `own`, so that light stays light and shade stays shade. */
function toned(own: Rgb, wish: Rgb, share: number): Rgb {
  const wished = toHsl(wish)
  const present = toHsl(own)
  const lightness = present.lightness * 0.55 + wished.lightness * 0.45
  return mix(own, fromHsl({ ...wished, lightness }), share)
}

const moodOf: Record<Mood, (colour: Rgb) => Rgb> = {
  dark: (colour) => saturate(darker(colour, 0.42), 1.08),
  bright: (colour) => lighter(colour, 0.22),
  vivid: (colour) => saturate(colour, 1.45),
  muted: (colour) => saturate(colour, 0.55),
  warm: ([red, green, blue]) => [Math.min(1, red * 1.08 + 0.03), green, blue * 0.84],
  cool: ([red, green, blue]) => [red * 0.86, green, Math.min(1, blue * 1.08 + 0.03)],
}

function inMood(base: Palette, moods: ReadonlySet<Mood>): Palette {
  let result = base
  for (const mood of moods) result = mapped(result, moodOf[mood])
  return result
}

function mapped(base: Palette, change: (colour: Rgb) => Rgb): Palette {
  const [first, second, third, fourth] = base.accents
  return {
    ...base,
    zenith: change(base.zenith),
    sky: change(base.sky),
    horizon: change(base.horizon),
    cloudLight: change(base.cloudLight),
    cloudShade: change(base.cloudShade),
    glow: change(base.glow),
    haze: change(base.haze),
    far: change(base.far),
    near: change(base.near),
    green: change(base.green),
    sand: change(base.sand),
    rock: change(base.rock),
    snow: change(base.snow),
    water: change(base.water),
    deep: change(base.deep),
    accents: [change(first), change(second), change(third), change(fourth)],
  }
}

/** Puts a palette into the colours of another picture, keeping what is light light and what is dark dark. */
export function borrowed(base: Palette, colours: readonly Rgb[]): Palette {
  if (colours.length === 0) return base
  return mapped(base, (own) => {
    const nearest = colours.reduce((best, colour) =>
      Math.abs(brightnessOf(colour) - brightnessOf(own)) < Math.abs(brightnessOf(best) - brightnessOf(own))
        ? colour
        : best,
    )
    return toned(own, nearest, 0.75)
  })
}
