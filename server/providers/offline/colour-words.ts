import { darker, hex, lighter, type Rgb, saturate } from './draw/colour.ts'

const colours: Readonly<Record<string, string>> = {
  red: '#d13a34',
  crimson: '#b8203a',
  scarlet: '#d93a22',
  maroon: '#6e1f2a',
  burgundy: '#6d1f33',
  ruby: '#b01d48',
  orange: '#ee8a2e',
  amber: '#f0a92f',
  apricot: '#f5b683',
  copper: '#b9683c',
  rust: '#a9512c',
  terracotta: '#c5674a',
  coral: '#f2775f',
  peach: '#f7b690',
  salmon: '#f0897a',
  yellow: '#f2d13c',
  gold: '#e0b03a',
  golden: '#e5b442',
  ochre: '#c58f32',
  mustard: '#cfa22f',
  cream: '#f6ecd2',
  beige: '#dccdb0',
  sand: '#dcc08f',
  green: '#3f8f55',
  emerald: '#1f8f62',
  olive: '#7c8040',
  lime: '#9ccc3c',
  mint: '#a5dcc0',
  sage: '#9db094',
  jade: '#2f9a7a',
  teal: '#1f8a8c',
  turquoise: '#3fbfbf',
  cyan: '#46c4d8',
  aqua: '#63cfd0',
  blue: '#2f6fc0',
  navy: '#1c2c5e',
  azure: '#3f9be0',
  cobalt: '#274fae',
  indigo: '#3a3590',
  sapphire: '#1f4aa8',
  cerulean: '#3a8fc4',
  purple: '#7a3fa8',
  violet: '#7b4cc0',
  lavender: '#b9a5dc',
  lilac: '#c4a6d6',
  mauve: '#a8799c',
  plum: '#743a68',
  magenta: '#c23a94',
  fuchsia: '#d63aa0',
  pink: '#ec8fb0',
  'rose-coloured': '#e2899c',
  rosy: '#eca6a8',
  brown: '#80563a',
  chocolate: '#5a3824',
  tan: '#c49c6c',
  bronze: '#97703c',
  white: '#f6f4ee',
  ivory: '#f4eedc',
  silver: '#bfc6cc',
  grey: '#868c92',
  gray: '#868c92',
  charcoal: '#3c4148',
  black: '#202127',
}

const shades: Readonly<Record<string, (colour: Rgb) => Rgb>> = {
  dark: (colour) => darker(colour, 0.35),
  deep: (colour) => saturate(darker(colour, 0.28), 1.15),
  light: (colour) => lighter(colour, 0.4),
  pale: (colour) => saturate(lighter(colour, 0.5), 0.8),
  pastel: (colour) => lighter(colour, 0.45),
  soft: (colour) => saturate(lighter(colour, 0.25), 0.8),
  bright: (colour) => saturate(lighter(colour, 0.08), 1.3),
  vivid: (colour) => saturate(colour, 1.35),
  neon: (colour) => saturate(lighter(colour, 0.1), 1.6),
}

/** The colour that a word names, if it names one. */
export function colourNamed(word: string): Rgb | undefined {
  const code = Object.hasOwn(colours, word) ? colours[word] : undefined
  return code === undefined ? undefined : hex(code)
}

/** Whether the word changes the colour word after it, as in "deep blue". */
export function shadeNamed(word: string): ((colour: Rgb) => Rgb) | undefined {
  return Object.hasOwn(shades, word) ? shades[word] : undefined
}
