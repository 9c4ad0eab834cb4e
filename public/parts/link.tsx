import type { ComponentChildren } from 'preact'
import { useApp } from '../app/app.ts'

interface LinkProps {
  to: string
  class?: string
  current?: boolean
  children: ComponentChildren
}

/** A link within the page. With a modifier key it is the browser's own. */
export function Link({ to, current = false, children, ...more }: LinkProps) {
  const app = useApp()
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    app.go(to)
  }
  return (
    <a href={to} class={more.class} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
