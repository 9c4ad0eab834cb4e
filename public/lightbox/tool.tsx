import type { IconNode } from 'lucide'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { downloadName } from '../conversation/download-name.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Icon } from '../parts/icon.tsx'

export interface ToolProps {
  label: string
  icon: IconNode
  run: () => void
  disabled?: boolean
  pressed?: boolean
  class?: string
}

/** A button of the lightbox's bar. One that can do nothing now keeps the focus, so that the keys go on working. */
export function Tool({ label, icon, run, disabled = false, pressed, ...more }: ToolProps) {
  return (
    <IconButton
      class={more.class}
      icon={icon}
      label={label}
      aria-pressed={pressed}
      aria-disabled={disabled}
      onClick={() => {
        if (!disabled) run()
      }}
    />
  )
}

interface LinkToolProps {
  image: GeneratedImage
  label: string
  icon: IconNode
  download?: boolean
}

/** A link of the bar to the picture itself: opened beside, or saved. */
export function LinkTool({ image, label, icon, download = false }: LinkToolProps) {
  const how = download
    ? { download: downloadName(image.created_at, wordsOf(image)) }
    : { target: '_blank', rel: 'noopener noreferrer' }
  return (
    <a class="button button--plain button--icon" href={image.url} aria-label={label} title={label} {...how}>
      <Icon of={icon} />
    </a>
  )
}
