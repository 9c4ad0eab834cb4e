import type { IconNode } from 'lucide'
import { h } from 'preact'

interface IconProps {
  of: IconNode
  small?: boolean
  /** It points along the lines of text, and is mirrored where they run from right to left. */
  directed?: boolean
}

/** An icon of the lucide set; always beside a word or in a control that has a label. */
export function Icon({ of, small = false, directed = false }: IconProps) {
  return (
    <svg
      class={`icon${small ? ' icon--s' : ''}${directed ? ' icon--directed' : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  )
}

/** The product's mark. */
export function EaselMark() {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 2.5v3M6 5.5h12v9H6zM9 14.5 6 21.5M15 14.5l3 7M12 14.5v5M4.5 14.5h15" />
    </svg>
  )
}
