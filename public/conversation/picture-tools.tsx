import { Check, Copy, ExternalLink, Info, Maximize2, PenLine, Star } from 'lucide'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { useCopied } from '../parts/use-copied.ts'
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
      <IconButton label={words.look} icon={Maximize2} onClick={() => app.lookAt(image)} />
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
        <IconButton
          class="picture__extra"
          label={words.usePrompt}
          icon={PenLine}
          onClick={() => app.suggest(imageCommand({ prompt: image.prompt }))}
        />
      )}
      <StarButton image={image} starred={starred} />
      <IconButton
        class="picture__extra"
        label={words.details}
        icon={Info}
        onClick={() => app.lookAt(image, { details: true })}
      />
    </>
  )
}

/** Stars a picture, or takes the star away. */
export function StarButton({ image, starred }: { image: GeneratedImage; starred: boolean }) {
  const app = useApp()
  const star = () => void app.attempt(() => app.pictures.change(image.id, { starred: !starred }))
  return (
    <IconButton
      class="star-button"
      icon={Star}
      label={words.star}
      aria-pressed={starred}
      title={starred ? words.unstar : words.star}
      onClick={star}
    />
  )
}

/** Copies the picture itself. Not shown where the browser cannot (plain http). */
function CopyPicture({ url }: { url: string }) {
  const app = useApp()
  const [copied, setCopied] = useCopied()
  if (!copyPicture) return null
  const copy = copyPicture
  const run = () =>
    copy(url).then(
      () => setCopied(true),
      () => app.toasts.show({ text: words.notCopied }),
    )
  const label = copied ? texts.message.copied : words.copy
  return (
    <IconButton
      class="picture__extra"
      icon={copied ? Check : Copy}
      label={label}
      onClick={() => void run()}
    />
  )
}
