import type { GeneratedImage, ImageRecipe } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { sizeInWords } from '../parts/size-in-words.ts'
import { currentLocale, texts } from '../texts/texts.ts'

const words = texts.lightbox

/** A picture's figures. */
export function Facts({ image, made }: { image: GeneratedImage; made: ImageRecipe | undefined }) {
  const app = useApp()
  const model = app.offers.models.value?.image.find((one) => one.id === image.model)
  const usual = model?.usual_seconds
    ? texts.picture.usual(Math.max(1, Math.round(model.usual_seconds.p50)))
    : ''
  const seed = made?.recipe.parameters['seed']
  const duration = made?.recipe.duration_ms
  const facts: (readonly [string, string | undefined])[] = [
    [words.model, model?.name ?? image.model ?? undefined],
    [words.size, `${image.width} × ${image.height}, PNG, ${sizeInWords(image.bytes)}`],
    [words.seed, made && image.source !== 'upload' ? seedInWords(seed) : undefined],
    [
      words.time,
      duration === null || duration === undefined ? undefined : `${secondsInWords(duration)} s${usual}`,
    ],
    [words.cost, image.source === 'upload' ? undefined : texts.picture.price(image.cost_usd)],
    [
      words.made,
      new Date(image.created_at).toLocaleString(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' }),
    ],
  ]
  return (
    <section>
      <h3 class="only-read">{words.facts}</h3>
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value !== undefined && (
              <>
                <dt>{name}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </>
            ),
        )}
      </dl>
    </section>
  )
}

/** Tenths of a second below ten seconds. */
function secondsInWords(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return seconds.toLocaleString(currentLocale(), { maximumFractionDigits: seconds < 9.95 ? 1 : 0 })
}

function seedInWords(seed: unknown): string {
  return typeof seed === 'number' || typeof seed === 'string' ? String(seed) : words.noSeed
}
