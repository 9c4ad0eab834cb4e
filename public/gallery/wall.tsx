import { Star } from 'lucide'
import { useRef } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { placeholderOf } from '../conversation/placeholder.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import type { PictureGallery } from './picture-gallery.ts'
import '../styles/check.css'
import '../styles/wall.css'

const words = texts.gallery

/** Pictures in rows of equal height, read left to right. */
export function Wall({ items, gallery }: { items: readonly GeneratedImage[]; gallery: PictureGallery }) {
  const lastTicked = useRef<string | undefined>(undefined)
  const tick = (image: GeneratedImage, chosen: boolean, isRange: boolean) => {
    const from = items.findIndex((one) => one.id === lastTicked.current)
    const to = items.indexOf(image)
    const range = isRange && from !== -1 ? items.slice(Math.min(from, to), Math.max(from, to) + 1) : [image]
    lastTicked.current = image.id
    gallery.select(
      range.map((one) => one.id),
      chosen,
    )
  }
  return (
    <ul class="wall" data-selecting={gallery.selected.value.length > 0 ? '' : undefined}>
      {items.map((image) => (
        <Plate
          key={image.id}
          image={image}
          gallery={gallery}
          onTick={(chosen, isRange) => tick(image, chosen, isRange)}
        />
      ))}
    </ul>
  )
}

interface PlateProps {
  image: GeneratedImage
  gallery: PictureGallery
  onTick: (chosen: boolean, isRange: boolean) => void
}

/** One picture of the wall: a real link to its original, which opens it closely with a plain click. */
function Plate({ image, gallery, onTick }: PlateProps) {
  const app = useApp()
  const { starred, alt } = app.pictures.latest(image)
  const shown = wordsOf(image)
  const look = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    app.lookAt(image, { among: gallery.items.peek() })
  }
  // A panorama or a tower is cut a little, so that it does not take a whole row or vanish in it.
  const ratio = Math.min(3, Math.max(0.5, image.width / image.height))
  return (
    <li style={{ '--r': ratio.toFixed(4) }}>
      <a
        href={image.url}
        style={{ backgroundImage: placeholderOf(image.thumbhash) }}
        onClick={look}
        onKeyDown={(event) => {
          if (event.key !== ' ') return
          event.preventDefault()
          app.lookAt(image, { among: gallery.items.peek() })
        }}
      >
        <img
          src={`${image.url}?w=512`}
          width={image.width}
          height={image.height}
          alt={alt || shown || texts.picture.generated}
          loading="lazy"
          decoding="async"
        />
      </a>
      <label class="wall__tick">
        <input
          class="tick"
          type="checkbox"
          aria-label={words.select(shown)}
          checked={gallery.isSelected(image.id)}
          onClick={(event) => onTick(event.currentTarget.checked, event.shiftKey)}
        />
      </label>
      {starred && (
        <span class="star">
          <Icon of={Star} small />
          <span class="only-read">{words.starred}</span>
        </span>
      )}
      <span class="wall__words" aria-hidden="true" dir="auto">
        {shown}
      </span>
    </li>
  )
}
