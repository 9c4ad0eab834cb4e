import { useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { texts } from '../texts/texts.ts'

const words = texts.lightbox

/** What the picture shows, for those who cannot see it; the user may say it better. */
export function Description({ image }: { image: GeneratedImage }) {
  const app = useApp()
  const [written, setWritten] = useState<string>()
  const wasWriting = useRef(false)
  const stop = () => {
    wasWriting.current = true
    setWritten(undefined)
  }
  const save = () => {
    const alt = written?.trim()
    stop()
    if (alt) void app.attempt(() => app.pictures.change(image.id, { alt }))
  }
  return (
    <section>
      <h3 id="lightbox-alt">{words.alt}</h3>
      {written === undefined ? (
        <>
          <blockquote dir="auto">{image.alt}</blockquote>
          <p class="details__do">
            <button
              class="link"
              type="button"
              ref={(element) => {
                if (!element || !wasWriting.current) return
                wasWriting.current = false
                element.focus()
              }}
              onClick={() => setWritten(image.alt)}
            >
              {words.editAlt}
            </button>
          </p>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            save()
          }}
        >
          <textarea
            class="input"
            rows={4}
            dir="auto"
            maxLength={1000}
            aria-labelledby="lightbox-alt"
            value={written}
            ref={(element) => {
              if (element && !element.contains(document.activeElement)) element.focus()
            }}
            onInput={(event) => setWritten(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || event.isComposing) return
              // Gives up the words, not the whole view.
              event.preventDefault()
              stop()
            }}
          />
          <p class="details__do">
            <button class="button" type="submit">
              {words.saveAlt}
            </button>
            <button class="button button--plain" type="button" onClick={stop}>
              {texts.cancel}
            </button>
          </p>
        </form>
      )}
    </section>
  )
}
