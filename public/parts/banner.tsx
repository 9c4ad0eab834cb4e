import { CloudOff, Info, TriangleAlert, X } from 'lucide'
import type { ComponentChildren } from 'preact'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'

interface BannerProps {
  kind: 'notice' | 'info' | 'danger'
  action?: { label: string; run: () => void } | undefined
  onDismiss?: (() => void) | undefined
  children: ComponentChildren
}

const icons = { notice: CloudOff, info: Info, danger: TriangleAlert }
const roles = { notice: 'status', info: 'note', danger: 'alert' } as const

/** A card that says what is the matter and what can be done. */
export function Banner({ kind, action, onDismiss, children }: BannerProps) {
  return (
    <div class="banner" data-kind={kind} role={roles[kind]}>
      <Icon of={icons[kind]} />
      <p dir="auto">{children}</p>
      {action && (
        <button class="button" type="button" onClick={action.run}>
          {action.label}
        </button>
      )}
      {onDismiss && <IconButton framed icon={X} label={texts.dismiss} onClick={onDismiss} />}
    </div>
  )
}
