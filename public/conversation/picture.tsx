import { Download } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { lazy } from '../parts/lazy.tsx'
import { previewWidths } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'
import { downloadName } from './download-name.ts'
import { shapeOf } from './frame-shape.ts'
import { placeholderOf } from './placeholder.ts'

const PictureTools = lazy(async () => (await import('./picture-tools.tsx')).PictureTools)

interface PictureProps {
  image: GeneratedImage
  single: boolean
  /** The shape that the frame had while it was painted, as `16:9`. */
  expected?: string | undefined
}

/** A finished picture: a print on the page, a real link to its original, its number and caption below. */
export function Picture({ image, single, expected }: PictureProps) {
  const [missing, setMissing] = useState(false)
  const name = image.number === null ? texts.picture.unnumbered : texts.picture.number(image.number)
  return (
    <figure class="picture" data-state="finished" style={{ '--ratio': shapeOf(image, expected) }}>
      <div class="picture__print generated-image-wrapper">
        <PictureLink image={image} name={name} onMissing={() => setMissing(true)} />
        <div class="picture__tools" role="group" aria-label={name}>
          <DownloadLink image={image} name={name} />
          <PictureTools image={image} />
        </div>
      </div>
      <figcaption class="picture__caption">
        <span class="picture__number">{single ? name : (image.number ?? '')}</span>
        <span class="picture__words" dir="auto">
          {missing ? texts.picture.missing : image.caption}
        </span>
        <span class="figures">{texts.picture.price(image.cost_usd)}</span>
      </figcaption>
    </figure>
  )
}

function PictureLink({
  image,
  name,
  onMissing,
}: {
  image: GeneratedImage
  name: string
  onMissing: () => void
}) {
  const app = useApp()
  const [arriving, setArriving] = useState(true)
  const pointer = useRef('')
  const alt = app.pictures.latest(image).alt || image.caption || texts.picture.generated
  return (
    <a
      class="picture__frame"
      href={image.url}
      target="_blank"
      rel="noopener noreferrer"
      title={`${name}: ${texts.picture.open}`}
      onPointerDown={(event) => {
        pointer.current = event.pointerType
      }}
      onClick={(event) => {
        if (pointer.current !== 'touch') return
        event.preventDefault()
        app.lookAt(image)
      }}
      onKeyDown={(event) => {
        pointer.current = ''
        if (event.key !== ' ') return
        event.preventDefault()
        app.lookAt(image)
      }}
      style={{ backgroundImage: placeholderOf(image.thumbhash) }}
    >
      <img
        src={image.url}
        srcset={sources(image)}
        sizes="(max-width: 56rem) 100vw, 41rem"
        width={image.width}
        height={image.height}
        alt={alt}
        decoding="async"
        data-arriving={arriving ? '' : undefined}
        onLoad={() => setArriving(false)}
        onError={() => {
          setArriving(false)
          onMissing()
        }}
      />
    </a>
  )
}

/** The previews that the server makes, and the original for screens that show more. */
export function sources(image: GeneratedImage): string {
  const previews = previewWidths
    .filter((width) => width < image.width)
    .map((width) => `${image.url}?w=${width} ${width}w`)
  return [...previews, `${image.url} ${image.width}w`].join(', ')
}

export function DownloadLink({ image, name }: { image: GeneratedImage; name: string }) {
  return (
    <a
      class="button button--plain generated-image-download-btn"
      href={image.url}
      download={downloadName(image.created_at, image.caption || image.prompt)}
      aria-label={texts.picture.downloadOf(name)}
    >
      <Icon of={Download} small />
      <span>{texts.picture.download}</span>
    </a>
  )
}
