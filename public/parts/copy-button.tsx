import { Check, Copy } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'

/** Copies a text; says so for a moment. Not shown where the browser has no clipboard (plain http). */
export function CopyButton({ text, label, words = false }: { text: string; label: string; words?: boolean }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [copied])
  // Typed as always there, but missing on plain http other than localhost.
  const clipboard: Clipboard | undefined = navigator.clipboard
  if (!clipboard) return null
  const copy = () =>
    clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  const shown = copied ? texts.message.copied : label
  return (
    <button
      class={words ? 'button' : 'button button--plain button--icon'}
      type="button"
      aria-label={shown}
      title={shown}
      onClick={() => void copy()}
    >
      <Icon of={copied ? Check : Copy} />
      {words ? shown : null}
    </button>
  )
}
