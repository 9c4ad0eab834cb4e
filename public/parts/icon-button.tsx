import type { ComponentProps } from 'preact'
import { Icon } from './icon.tsx'

type ButtonProps = Omit<ComponentProps<'button'>, 'type' | 'class' | 'aria-label' | 'children'>

interface IconButtonProps extends ButtonProps {
  icon: ComponentProps<typeof Icon>['of']
  /** What it does: its name, and its tip unless that is told otherwise. */
  label: string
  /** It points along the lines of text. */
  directed?: boolean
  /** With a frame, as among buttons of words. */
  framed?: boolean
  /** Further classes. */
  class?: string | undefined
}

/** A button that shows an icon alone. */
export function IconButton({
  icon,
  label,
  directed = false,
  framed = false,
  class: more = '',
  ...button
}: IconButtonProps) {
  const look = `button ${framed ? '' : 'button--plain '}button--icon ${more}`.trimEnd()
  return (
    <button class={look} type="button" aria-label={label} title={label} {...button}>
      <Icon of={icon} directed={directed} />
    </button>
  )
}
