import { Check, Copy } from 'lucide'
import { texts } from '../texts/texts.ts'
import { IconButton } from './icon-button.tsx'
import { Icon } from './icon.tsx'
import { useCopied } from './use-copied.ts'

/** Copies a text; says so for a moment. Not shown where the browser has no clipboard (plain http). */
export function CopyButton({ text, label, words = false }: { text: string; label: string; words?: boolean }) {
  const [copied, setCopied] = useCopied()
  // Typed as always there, but missing on plain http other than localhost.
  const clipboard: Clipboard | undefined = navigator.clipboard
  if (!clipboard) return null
  const copy = () =>
    clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  const shown = copied ? texts.message.copied : label
  const icon = copied ? Check : Copy
  if (!words) return <IconButton icon={icon} label={shown} onClick={() => void copy()} />
  return (
    <button class="button" type="button" aria-label={shown} title={shown} onClick={() => void copy()}>
      <Icon of={icon} />
      {shown}
    </button>
  )
}
