import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { Banner } from '../parts/banner.tsx'
import { Link } from '../parts/link.tsx'
import { EaselError } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'

/** The pictures that match the words searched for, each leading to where it stands. */
export function FoundPictures() {
  const { list } = useApp()
  const pictures = list.pictures.value
  if (list.words.value.trim() === '') return null
  if (pictures instanceof EaselError) {
    return (
      <Banner kind="danger" action={{ label: texts.retry, run: () => void list.read() }}>
        {texts.sidebar.picturesUnreadable} {pictures.message}
      </Banner>
    )
  }
  if (pictures.length === 0) return null
  return (
    <section>
      <h2>{texts.sidebar.hitsInPictures}</h2>
      <div class="contact-sheet">
        {pictures.map((image) => (
          <Link
            key={image.id}
            to={image.conversation_id ? pathOf(image.conversation_id, image.message_id) : '/gallery'}
          >
            <img
              src={`${image.url}?w=256`}
              alt={image.alt || image.caption}
              loading="lazy"
              decoding="async"
            />
          </Link>
        ))}
      </div>
    </section>
  )
}
