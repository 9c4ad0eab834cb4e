import { useEffect, useState } from 'preact/hooks'
import type { Conversation } from '../../server/contract/conversations.ts'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'

const words = texts.panel
const pageSize = 30

/** The pictures of the conversation, newest first; one leads to a closer look. */
export function ContactSheet({ conversation }: { conversation: Conversation }) {
  const app = useApp()
  const [pictures, setPictures] = useState<readonly GeneratedImage[]>()
  const [cursor, setCursor] = useState<string | null>(null)
  const [failure, setFailure] = useState<EaselError>()
  const { id } = conversation

  const read = async (after?: string, signal?: AbortSignal) => {
    setFailure(undefined)
    try {
      const page = await app.easel.images.list({
        conversation_id: id,
        limit: pageSize,
        signal,
        ...(after === undefined ? {} : { cursor: after }),
      })
      setPictures((before) => (after === undefined ? page.items : [...(before ?? []), ...page.items]))
      setCursor(page.next_cursor)
    } catch (thrown) {
      if (isAbort(thrown, signal)) return
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code === 'unauthenticated') app.endSession()
      setFailure(thrown)
    }
  }
  // After each turn there may be more of them.
  useEffect(() => {
    const reading = new AbortController()
    void read(undefined, reading.signal)
    return () => reading.abort()
  }, [id, conversation.updated_at])

  const look = (event: MouseEvent, image: GeneratedImage) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    app.lookAt(image, { among: (pictures ?? []).toReversed() })
  }
  return (
    <section aria-busy={!pictures && !failure}>
      <div class="section-head">
        <h3>{words.pictures}</h3>
      </div>
      {failure && (
        <Banner kind="danger" action={{ label: texts.retry, run: () => void read() }}>
          {words.picturesUnreadable} {failure.message}
        </Banner>
      )}
      {pictures?.length === 0 && <p class="figures">{words.noPictures}</p>}
      {pictures && pictures.length > 0 && (
        <div class="contact-sheet">
          {pictures.map((image) => (
            <a
              key={image.id}
              href={image.url}
              aria-label={image.number === null ? image.caption : texts.picture.number(image.number)}
              title={image.caption}
              onClick={(event) => look(event, image)}
            >
              <img src={`${image.url}?w=256`} alt="" loading="lazy" decoding="async" />
            </a>
          ))}
        </div>
      )}
      {cursor !== null && (
        <button class="button button--plain button--wide" type="button" onClick={() => void read(cursor)}>
          {words.morePictures}
        </button>
      )}
    </section>
  )
}
