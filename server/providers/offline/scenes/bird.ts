import { fur } from './fur.ts'
import { darker, hex, lighter, mix } from '../draw/colour.ts'
import type { Point } from '../draw/mask.ts'
import { cloudNoise } from '../draw/noise.ts'
import { ellipse, smooth } from '../draw/outline.ts'
import { mottled, rounded, solid } from '../draw/shader.ts'
import type { Work } from '../draw/work.ts'
import type { Stage } from './stage.ts'

/** Words for birds that sit on a branch. */
export const birdKinds: ReadonlySet<string> = new Set([
  'bird',
  'birds',
  'owl',
  'robin',
  'sparrow',
  'raven',
  'crow',
  'parrot',
  'kingfisher',
  'bluebird',
])

/** A bird on its branch, (x, y) the middle of its body. */
export function* paintBird(stage: Stage, x: number, y: number, size: number): Work {
  const { brush, palette, scene } = stage
  const { width } = brush
  const dim = 0.5 * (1 - palette.daylight)
  const own: Record<string, string> = {
    robin: '#8a6a4f',
    raven: '#24262e',
    crow: '#24262e',
    parrot: '#2f9a5a',
    owl: '#8c6f52',
    sparrow: '#9c7b58',
  }
  const coat = darker(scene.colourOf.subject ?? hex(own[scene.kind] ?? '#3f7fb5'), dim)
  const breast = darker(
    scene.kind === 'raven' || scene.kind === 'crow'
      ? hex('#343742')
      : scene.kind === 'owl'
        ? hex('#e6d3b4')
        : hex('#e8884a'),
    dim,
  )
  const bark = darker(mix(hex('#5a4231'), palette.near, 0.3), dim)
  const branchY = y + size * 0.36
  yield* brush.line(
    smooth(
      [
        [-20, branchY + size * 0.12],
        [x - size * 0.5, branchY + size * 0.03],
        [x + size * 0.4, branchY + size * 0.02],
        [width + 20, branchY - size * 0.1],
      ],
      false,
      12,
    ),
    size * 0.075,
    size * 0.04,
    mottled(solid(bark), cloudNoise(), brush.unit * 0.6, 0.25),
  )
  for (let leaf = 0; leaf < 12; leaf++) {
    const leafX = width * (leaf < 6 ? brush.between(0, 0.28) : brush.between(0.72, 1))
    const angle = brush.between(-1.2, 1.2)
    yield* brush.shape(
      ellipse(leafX, branchY + brush.between(-0.08, 0.12) * size, size * 0.085, size * 0.035, angle),
      solid(mix(palette.green, brush.random() < 0.5 ? palette.glow : palette.near, 0.25)),
      { crisp: true },
    )
  }
  const at = (across: number, down: number): Point => [x + across * size, y + down * size]
  yield* brush.shape(
    smooth([at(0.12, 0.2), at(0.34, 0.52), at(0.44, 0.74), at(0.33, 0.78), at(0.06, 0.4)], true, 7),
    solid(darker(coat, 0.3)),
    { crisp: true },
  )
  const body = smooth(
    [
      at(-0.2, -0.36),
      at(-0.06, -0.44),
      at(0.09, -0.36),
      at(0.15, -0.2),
      at(0.25, 0.02),
      at(0.26, 0.26),
      at(0.12, 0.38),
      at(-0.08, 0.37),
      at(-0.24, 0.22),
      at(-0.3, 0),
      at(-0.26, -0.2),
    ],
    true,
    8,
  )
  yield* brush.shape(
    body,
    fur(
      brush,
      rounded(x - size * 0.04, y - size * 0.02, size * 0.4, lighter(coat, 0.16), darker(coat, 0.26)),
    ),
  )
  yield* brush.shape(
    smooth(
      [
        at(-0.24, -0.2),
        at(-0.1, -0.14),
        at(0.02, 0.06),
        at(0.02, 0.27),
        at(-0.08, 0.36),
        at(-0.22, 0.22),
        at(-0.29, 0),
      ],
      true,
      7,
    ),
    fur(
      brush,
      rounded(x - size * 0.14, y + size * 0.04, size * 0.26, lighter(breast, 0.2), darker(breast, 0.15)),
    ),
    { crisp: true },
  )
  yield* brush.shape(
    smooth(
      [at(0.02, -0.14), at(0.16, -0.1), at(0.28, 0.12), at(0.36, 0.42), at(0.2, 0.32), at(0.06, 0.12)],
      true,
      7,
    ),
    fur(brush, solid(darker(coat, 0.2))),
    { crisp: true },
  )
  for (let feather = 0; feather < 3; feather++)
    yield* brush.line(
      smooth(
        [
          at(0.08 + feather * 0.03, 0.02),
          at(0.18 + feather * 0.025, 0.16),
          at(0.3 + feather * 0.01, 0.36 - feather * 0.02),
        ],
        false,
        6,
      ),
      size * 0.012,
      size * 0.004,
      solid(lighter(coat, 0.25)),
      { alpha: 0.7 },
    )
  yield* brush.shape(
    [at(-0.235, -0.3), at(-0.38, -0.235), at(-0.235, -0.2)],
    solid(darker(hex('#d99a3c'), dim)),
    { crisp: true },
  )
  const eyes = scene.kind === 'owl' ? [-0.17, 0.0] : [-0.13]
  for (const across of eyes) {
    const [eyeX, eyeY] = at(across, -0.285)
    if (scene.kind === 'owl') yield* brush.dot(eyeX, eyeY, size * 0.075, hex('#f4d27a'))
    yield* brush.dot(eyeX, eyeY, size * (scene.kind === 'owl' ? 0.042 : 0.03), hex('#15110f'))
    yield* brush.dot(eyeX - size * 0.01, eyeY - size * 0.012, size * 0.009, [1, 1, 1])
  }
  for (const across of [-0.06, 0.06])
    yield* brush.line(
      [at(across, 0.35), at(across - 0.01, 0.42)],
      size * 0.018,
      size * 0.018,
      solid(darker(hex('#b5793a'), dim)),
    )
}
