import { X } from 'lucide'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { Toast } from '../app/toasts.ts'
import { texts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import '../styles/toast.css'

/** How long a toast stays while nobody points at it, in milliseconds. */
const stay = 6000

/** The toasts, above everything, dialogs as well. They never take the focus. */
export function ToastList() {
  const { toasts } = useApp()
  const place = useRef<HTMLDivElement>(null)
  const items = toasts.items.value
  useLayoutEffect(() => {
    const element = place.current
    // Shown anew with each change, so that it stands above a dialog that was opened meanwhile.
    if (items.length === 0) return undefined
    element?.showPopover()
    return () => element?.hidePopover()
  }, [items])
  useEffect(() => {
    const leave = () => toasts.endAll()
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [toasts])
  return (
    <div ref={place} class="toasts" popover="manual" role="status">
      {items.map((toast) => (
        <ToastView toast={toast} key={toast.key} />
      ))}
    </div>
  )
}

function ToastView({ toast }: { toast: Toast }) {
  const { toasts } = useApp()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => toasts.end(toast, 'gone'), stay)
    return () => clearTimeout(timer)
  }, [held, toast, toasts])
  return (
    <div
      class="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      {toast.picture && <img src={toast.picture} width="36" height="36" alt="" />}
      <p dir="auto">{toast.text}</p>
      {toast.action && (
        <button class="button" type="button" onClick={() => toasts.end(toast, 'acted')}>
          {toast.action.label}
        </button>
      )}
      <button
        class="button button--plain button--icon"
        type="button"
        aria-label={texts.dismiss}
        title={texts.dismiss}
        onClick={() => toasts.end(toast, 'gone')}
      >
        <Icon of={X} />
      </button>
    </div>
  )
}
