import { darker, lighter, mix, type Rgb, smoothstep } from '../draw/colour.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse } from '../draw/outline.ts'
import type { Work } from '../draw/work.ts'
import { flyingRocket, paintLaunch, rocketKinds } from './rocket.ts'
import type { Stage } from './stage.ts'
import { stars } from './sky.ts'

/** Deep space: a nebula, stars, a ringed planet with a moon. */
export function* paintSpace(stage: Stage): Work {
  const { brush, scene } = stage
  const flies = rocketKinds.has(scene.kind)
  if (flies && (scene.details.has('launch') || scene.light !== 'night')) {
    yield* paintLaunch(stage)
    return
  }
  const { width, height, unit } = brush
  const [first, second, third] = nebulaColours(stage)
  const noise = cloudNoise()
  const shift = brush.random() * 256
  const deep: Rgb = [0.02, 0.025, 0.075]
  yield* brush.flood((x, y) => {
    const u = x / (5.5 * unit) + shift
    const v = y / (5.5 * unit) + shift
    const warp = noise.at(u * 0.5, v * 0.5) * 60
    const gas = noise.at(u + warp, v + warp * 0.6) * 0.7 + noise.at(u * 2.7, v * 2.7 + warp) * 0.3
    const band = 1 - Math.min(1, Math.abs(y - height * 0.5 - (x - width * 0.5) * 0.45) / (height * 0.62))
    const density = smoothstep(0.25, 0.68, gas) * (0.3 + 0.7 * band)
    const hot = smoothstep(0.52, 0.82, gas) * band
    const dust = smoothstep(0.5, 0.75, noise.at(u * 1.7 + 90, v * 1.7 - warp)) * 0.6
    const tint = mix(first, second, smoothstep(0.3, 0.7, noise.at(u * 0.6 + 50, v * 0.6)))
    return mix(
      mix(mix(deep, tint, density * 0.95), lighter(third, 0.3), hot * 0.6),
      deep,
      dust * (1 - hot) * 0.65,
    )
  })
  yield* stars(stage, height * 1.05)
  yield* stars(stage, height * 1.05)
  if (scene.details.has('stars') && !scene.details.has('planet') && !flies) return
  const side = Math.min(width, height)
  if (flies) {
    // The colour that was named is the rocket's.
    const others = { ...stage, scene: { ...scene, colourOf: { ...scene.colourOf, subject: second } } }
    yield* planet(others, width * 0.24, height * 0.7, side * 0.17, first, third)
    yield* moonlet(stage, width * 0.14, height * 0.2, side * 0.05, second)
    yield* flyingRocket(stage, width * 0.58, height * 0.44, side * 0.56)
    return
  }
  const x = width * (brush.random() < 0.5 ? 0.36 : 0.64)
  yield* planet(stage, x, height * 0.52, side * 0.24, first, third)
  const away = x < width / 2 ? 0.76 : 0.22
  yield* moonlet(stage, width * away, height * 0.26, side * 0.055, second)
}

function nebulaColours({ scene, palette, brush }: Stage): [Rgb, Rgb, Rgb] {
  const [first, second = first, third = second] = scene.colours
  if (first && second && third) return [first, second, third]
  const sets: readonly [Rgb, Rgb, Rgb][] = [
    [
      [0.36, 0.2, 0.62],
      [0.12, 0.36, 0.66],
      [0.94, 0.52, 0.56],
    ],
    [
      [0.1, 0.42, 0.5],
      [0.2, 0.22, 0.56],
      [0.98, 0.72, 0.42],
    ],
    [
      [0.6, 0.2, 0.36],
      [0.26, 0.16, 0.5],
      [0.98, 0.6, 0.36],
    ],
  ]
  const chosen = sets[Math.floor(brush.random() * sets.length)]!
  return scene.colourOf.sky ? [scene.colourOf.sky, chosen[1], palette.accents[1]] : chosen
}

function* planet(stage: Stage, x: number, y: number, radius: number, first: Rgb, second: Rgb): Work {
  const { brush } = stage
  const noise = cloudNoise()
  const base = stage.scene.colourOf.subject ?? mix(second, [0.95, 0.8, 0.6], 0.5)
  const turn = -0.38
  const ring = (share: number): Rgb => mix(lighter(base, 0.45), darker(base, 0.3), noise.at(share * 210, 7))
  yield* rings(brush, x, y, radius, turn, ring, -1)
  yield* brush.glow(x, y, radius * 1.6, lighter(first, 0.2), 0.55)
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  yield* brush.shape(
    ellipse(x, y, radius),
    (atX, atY) => {
      const dx = (atX - x) / radius
      const dy = (atY - y) / radius
      const depth = Math.sqrt(Math.max(0, 1 - dx * dx - dy * dy))
      const across = dx * cos + dy * sin
      const down = -dx * sin + dy * cos
      const swirl = (noise.at((across / (0.4 + depth)) * 46, down * 60) - 0.5) * 0.14
      const bands = noise.at(3, (down + swirl) * 190 + 40)
      const tone = mix(
        mix(darker(base, 0.35), base, smoothstep(0.2, 0.6, bands)),
        lighter(base, 0.4),
        smoothstep(0.6, 0.9, bands),
      )
      const light = smoothstep(-0.35, 0.95, -dx * 0.62 - dy * 0.45 + depth * 0.68)
      return mix(darker(mix(tone, first, 0.3), 0.86), tone, light)
    },
    { crisp: true },
  )
  yield* rings(brush, x, y, radius, turn, ring, 1)
}

/** The half of the rings behind (`side` -1) or before (1) the planet. */
function* rings(
  brush: Stage['brush'],
  x: number,
  y: number,
  radius: number,
  turn: number,
  colour: (share: number) => Rgb,
  side: number,
): Work {
  const { data, width, height } = brush.canvas
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  const reach = radius * 2.15
  for (let atY = Math.max(0, Math.floor(y - reach)); atY < Math.min(height, y + reach); atY++) {
    for (let atX = Math.max(0, Math.floor(x - reach)); atX < Math.min(width, x + reach); atX++) {
      const dx = (atX - x) / radius
      const dy = (atY - y) / radius
      const across = dx * cos + dy * sin
      const down = (-dx * sin + dy * cos) / 0.26
      if (down * side < 0) continue
      const away = Math.hypot(across, down)
      if (away < 1.28 || away > 2.1) continue
      const share = (away - 1.28) / 0.82
      const gap = Math.abs(share - 0.62) < 0.035 ? 0.12 : 1
      const alpha = 0.82 * gap * smoothstep(0, 0.06, share) * smoothstep(1, 0.9, share)
      const [red, green, blue] = colour(share)
      const at = (atY * width + atX) * 3
      data[at]! += (red - data[at]!) * alpha
      data[at + 1]! += (green - data[at + 1]!) * alpha
      data[at + 2]! += (blue - data[at + 2]!) * alpha
    }
    yield reach
  }
}

function* moonlet({ brush }: Stage, x: number, y: number, radius: number, colour: Rgb): Work {
  const noise = cloudNoise()
  const { unit } = brush
  const pale = lighter(colour, 0.6)
  yield* brush.glow(x, y, radius * 2.4, pale, 0.35)
  yield* brush.shape(
    ellipse(x, y, radius),
    (atX, atY) => {
      const light = smoothstep(-0.7, 0.7, ((x - atX) * 0.8 + (y - atY) * 0.6) / radius)
      const crater = 1 - 0.25 * smoothstep(0.5, 0.7, noise.at(atX / (0.6 * unit), atY / (0.6 * unit)))
      const [red, green, blue] = mix(darker(pale, 0.85), pale, light)
      return [red * crater, green * crater, blue * crater]
    },
    { crisp: true },
  )
}
