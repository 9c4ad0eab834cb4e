import { Star } from 'lucide'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { placeholderOf } from '../conversation/placeholder.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import type { PictureGallery } from './picture-gallery.ts'
import { rowsOf, type RowRule } from './rows.ts'
import '../styles/check.css'
import '../styles/wall.css'

const words = texts.gallery

/** As the styles have the gap; narrow walls have lower rows. */
const narrow: RowRule = { height: 150, gap: 6 }
const wide: RowRule = { height: 184, gap: 8 }

/** A panorama or a tower is cut a little, so that it does not take a whole row or vanish in it. */
const ratioOf = ({ width, height }: GeneratedImage) => Math.min(3, Math.max(0.5, width / height))

/** Pictures in rows of equal height, in the order of reading. */
export function Wall({ items, gallery }: { items: readonly GeneratedImage[]; gallery: PictureGallery }) {
  const list = useRef<HTMLUListElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return undefined
    const measure = () => setWidth(element.clientWidth)
    measure()
    const watching = new ResizeObserver(measure)
    watching.observe(element)
    return () => watching.disconnect()
  }, [])
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
  const ratios = items.map(ratioOf)
  const rule = width < 560 ? narrow : wide
  const rows = width === 0 ? [] : rowsOf(ratios, width, rule)
  return (
    <ul
      ref={list}
      class="wall"
      style={{ '--gap': `${rule.gap}px` }}
      data-selecting={gallery.selected.value.length > 0 ? '' : undefined}
    >
      {rows.flatMap(({ from, to, sum, fill }) =>
        items
          .slice(from, to)
          .map((image) => (
            <Plate
              key={image.id}
              image={image}
              gallery={gallery}
              ratio={ratioOf(image)}
              share={(ratioOf(image) / sum) * fill}
              gaps={to - from - 1}
              onTick={(chosen, isRange) => tick(image, chosen, isRange)}
            />
          )),
      )}
    </ul>
  )
}

interface PlateProps {
  image: GeneratedImage
  gallery: PictureGallery
  /** Of its width to its height. */
  ratio: number
  /** What it takes of its row, and how many gaps are in that. */
  share: number
  gaps: number
  onTick: (chosen: boolean, isRange: boolean) => void
}

/** One picture of the wall: a real link to its original, which opens it closely with a plain click. */
function Plate({ image, gallery, ratio, share, gaps, onTick }: PlateProps) {
  const app = useApp()
  const { starred, alt } = app.pictures.latest(image)
  const shown = wordsOf(image)
  const tabIndex = gallery.tabStop.value === image.id ? 0 : -1
  const look = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    app.lookAt(image, { among: gallery.items.peek() })
  }
  return (
    <li
      style={{ '--r': ratio.toFixed(4), '--share': share.toFixed(6), '--gaps': String(gaps) }}
      onFocusIn={() => gallery.visit(image.id)}
    >
      <a
        href={image.url}
        tabIndex={tabIndex}
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
          tabIndex={tabIndex}
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
        <span>{shown}</span>
      </span>
    </li>
  )
}
