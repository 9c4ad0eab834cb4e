import { darker, hex, lighter, mix } from '../draw/colour.ts'
import { cloudNoise } from '../draw/noise.ts'
import { mottled, solid, vertical } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import { landShader, rollingLine } from './ridges.ts'
import { stars } from './sky.ts'
import type { Stage } from './stage.ts'
import { fir, leafTree, tallTrunk } from './trees.ts'

/** A clearing before a wood, where an animal may sit. */
export function* paintGlade(stage: Stage): Work {
  const { brush, scene, palette } = stage
  const { width, height, unit } = brush
  const snowy = scene.weather === 'snow'
  yield* brush.flood(
    mottled(
      vertical(
        { y: 0, colour: mix(palette.sky, palette.zenith, 0.35) },
        { y: height * 0.75, colour: palette.horizon },
      ),
      cloudNoise(),
      5 * unit,
      0.07,
    ),
  )
  if (scene.light === 'night') yield* stars(stage, height * 0.7)
  const orbX = width * brush.between(0.18, 0.3)
  yield* brush.glow(orbX, height * 0.24, 420 * unit, palette.glow, 0.7)
  yield* brush.disc(orbX, height * 0.24, 54 * unit, solid(palette.orb), { crisp: true, alpha: 0.9 })
  const autumn = scene.details.has('autumn')
  for (let layer = 0; layer < 3; layer++) {
    const share = layer / 2
    const away = mix(palette.haze, palette.horizon, 0.4)
    const wood = mix(mix(palette.green, palette.near, 0.4), away, 0.72 - 0.3 * share)
    const ground = rollingLine(brush, height * (0.68 + 0.05 * layer), height * 0.07, 2)
    for (let at = 0; at < 9 - layer * 2; at++) {
      const x = width * brush.random()
      if (share > 0.4 && Math.abs(x / width - 0.5) < 0.26) continue
      const foot = ground[Math.min(width - 1, Math.floor(x))]! + 8 * unit
      if (autumn)
        yield* leafTree(
          brush,
          x,
          foot,
          height * brush.between(0.26, 0.44),
          mix(hex('#cf7430'), away, 0.6 - 0.3 * share),
          wood,
        )
      else if (brush.random() < 0.55)
        yield* tallTrunk(brush, x, foot, (10 + 20 * share) * unit, darker(wood, 0.08), lighter(wood, 0.12))
      else
        yield* fir(
          brush,
          x,
          foot,
          height * brush.between(0.3, 0.5),
          wood,
          snowy ? mix(palette.snow, away, 0.4) : undefined,
        )
    }
    const soil = snowy
      ? mix(palette.snow, palette.far, 0.22 - 0.11 * layer)
      : mix(mix(palette.green, palette.glow, 0.14), away, 0.55 - 0.27 * layer)
    yield* brush.below(
      ground,
      landShader(brush, ground, soil, snowy ? lighter(soil, 0.15) : darker(soil, 0.28), height * 0.3, 0.14),
      { thin: false },
    )
  }
  if (snowy) return
  for (let at = 0; at < 420; at++) {
    const depth = brush.random()
    const y = height * (0.8 + 0.2 * depth)
    const x = width * brush.random()
    const long = (10 + 22 * depth) * unit
    const tone = mix(palette.green, brush.random() < 0.4 ? palette.glow : palette.near, 0.3)
    yield* brush.line(
      [
        [x, y],
        [x + brush.between(-0.4, 0.4) * long, y - long],
      ],
      2.6 * unit,
      0.5 * unit,
      solid(tone),
      { alpha: 0.8 },
    )
  }
}
