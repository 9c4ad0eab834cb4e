import { Check, Copy, ExternalLink, Info, Maximize2, PenLine, Star } from 'lucide'
import type { IconNode } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { copyPicture } from './copy-picture.ts'
import { imageCommand } from './recipe-words.ts'

const words = texts.pictureTools

/** What can be done with a finished picture, beside downloading it. */
export function PictureTools({ image }: { image: GeneratedImage }) {
  const app = useApp()
  const { starred } = app.pictures.latest(image)
  return (
    <>
      <Tool label={words.look} icon={Maximize2} run={() => app.lookAt(image)} />
      <a
        class="button button--plain button--icon picture__extra"
        href={image.url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={words.open}
        title={words.open}
      >
        <Icon of={ExternalLink} />
      </a>
      <CopyPicture url={image.url} />
      {image.prompt !== '' && (
        <Tool
          extra
          label={words.usePrompt}
          icon={PenLine}
          run={() => app.suggest(imageCommand({ prompt: image.prompt }))}
        />
      )}
      <StarButton image={image} starred={starred} />
      <Tool extra label={words.details} icon={Info} run={() => app.lookAt(image, { details: true })} />
    </>
  )
}

function Tool({
  label,
  icon,
  run,
  extra = false,
}: {
  label: string
  icon: IconNode
  run: () => void
  extra?: boolean
}) {
  return (
    <button
      class={`button button--plain button--icon${extra ? ' picture__extra' : ''}`}
      type="button"
      aria-label={label}
      title={label}
      onClick={run}
    >
      <Icon of={icon} />
    </button>
  )
}

/** Stars a picture, or takes the star away. */
export function StarButton({ image, starred }: { image: GeneratedImage; starred: boolean }) {
  const app = useApp()
  const star = () => void app.attempt(() => app.pictures.change(image.id, { starred: !starred }))
  return (
    <button
      class="button button--plain button--icon star-button"
      type="button"
      aria-pressed={starred}
      aria-label={words.star}
      title={starred ? words.unstar : words.star}
      onClick={star}
    >
      <Icon of={Star} />
    </button>
  )
}

/** Copies the picture itself. Not shown where the browser cannot (plain http). */
function CopyPicture({ url }: { url: string }) {
  const app = useApp()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  if (!copyPicture) return null
  const copy = copyPicture
  const run = () =>
    copy(url).then(
      () => setCopied(true),
      () => app.toasts.show({ text: words.notCopied }),
    )
  const label = copied ? texts.message.copied : words.copy
  return (
    <button
      class="button button--plain button--icon picture__extra"
      type="button"
      aria-label={label}
      title={label}
      onClick={() => void run()}
    >
      <Icon of={copied ? Check : Copy} />
    </button>
  )
}
