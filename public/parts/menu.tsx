import { Ellipsis } from 'lucide'
import { useId, useRef } from 'preact/hooks'
import { leftAtEnd } from './at-end.ts'
import { Icon } from './icon.tsx'

export interface MenuItem {
  label: string
  danger?: boolean
  run: () => void
}

/** A button with three dots and the menu it opens: arrows move, Escape closes. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  const place = (event: Pick<ToggleEvent, 'newState'>) => {
    const isOpen = event.newState === 'open'
    button.current?.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) menu.current?.removeAttribute('style')
    if (!isOpen || !button.current || !menu.current) return
    const from = button.current.getBoundingClientRect()
    const size = menu.current.getBoundingClientRect()
    const below = from.bottom + size.height + 8 <= window.innerHeight
    menu.current.style.left = `${leftAtEnd(button.current, size.width)}px`
    menu.current.style.top = `${below ? from.bottom + 4 : Math.max(8, from.top - size.height - 4)}px`
    menu.current.querySelector('button')?.focus()
  }
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || !menu.current) return
    event.preventDefault()
    const buttons = [...menu.current.querySelectorAll('button')]
    const at = buttons.findIndex((candidate) => candidate === document.activeElement)
    buttons.at((at + step) % buttons.length)?.focus()
  }
  const choose = (item: MenuItem) => {
    menu.current?.hidePopover()
    item.run()
  }
  return (
    <>
      <button
        ref={button}
        class="button button--plain button--icon"
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded="false"
        popovertarget={id}
      >
        <Icon of={Ellipsis} />
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        onToggle={place}
        onKeyDown={move}
      >
        {items.map((item) => (
          <button
            class={item.danger ? 'row row--danger' : 'row'}
            type="button"
            role="menuitem"
            key={item.label}
            onClick={() => choose(item)}
          >
            {item.label}
          </button>
        ))}
      </div>
    </>
  )
}
