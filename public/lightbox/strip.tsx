import type { GeneratedImage } from '../../server/contract/images.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { texts } from '../texts/texts.ts'

interface StripProps {
  pictures: readonly GeneratedImage[]
  /** The picture that is shown. */
  id: string
  /** The picture that it is compared with. */
  partner: string | undefined
  onChoose: (id: string) => void
}

/** All pictures one can step through, small; while two are compared, those to compare with. */
export function Strip({ pictures, id, partner, onChoose }: StripProps) {
  const comparing = partner !== undefined
  return (
    <footer class="lightbox__foot">
      {comparing && <p id="lightbox-compare">{texts.lightbox.compareWith}</p>}
      <ul class="lightbox__strip" aria-labelledby={comparing ? 'lightbox-compare' : undefined}>
        {pictures.map((picture) => (
          <li key={picture.id}>
            <button
              type="button"
              aria-label={wordsOf(picture)}
              title={wordsOf(picture)}
              aria-current={picture.id === id ? 'true' : undefined}
              aria-pressed={comparing ? picture.id === partner : undefined}
              ref={(element) => {
                if (picture.id === id) element?.scrollIntoView({ block: 'nearest', inline: 'center' })
              }}
              onClick={() => onChoose(picture.id)}
            >
              <img src={`${picture.url}?w=256`} width="48" height="48" alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </footer>
  )
}
