import { X } from 'lucide'
import { render } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { AppProvider, useApp } from '../app/app.ts'
import { toastTime, type Toast } from '../app/toasts.ts'
import { texts } from '../texts/texts.ts'
import { IconButton } from './icon-button.tsx'
import '../styles/toast.css'

/**
 * The toasts, above everything. They never take the focus. While a dialog is open all else is out of reach: then they
 * stand within it.
 */
export function ToastList() {
  const app = useApp()
  const { toasts } = app
  const place = useMemo(newPlace, [])
  const items = toasts.items.value
  useLayoutEffect(() => {
    const settle = () => {
      const above = dialogAbove() ?? document.body
      if (place.parentNode !== above) above.append(place)
      if (!place.matches(':popover-open')) place.showPopover()
    }
    settle()
    const watch = new MutationObserver(settle)
    watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['open'] })
    return () => {
      watch.disconnect()
      render(null, place)
      place.remove()
    }
  }, [place])
  useLayoutEffect(() => {
    const drawn = items.map((toast) => <ToastView toast={toast} key={toast.key} />)
    render(<AppProvider value={app}>{drawn}</AppProvider>, place)
  }, [app, items, place])
  useEffect(() => {
    const leave = () => toasts.endAll()
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [toasts])
  return null
}

function newPlace(): HTMLElement {
  const place = document.createElement('div')
  place.className = 'toasts'
  place.popover = 'manual'
  place.role = 'status'
  return place
}

/** The dialog that holds the focus, else the last one that is open. */
function dialogAbove(): Element | undefined {
  return (
    document.activeElement?.closest('dialog:modal') ?? [...document.querySelectorAll('dialog:modal')].at(-1)
  )
}

function ToastView({ toast }: { toast: Toast }) {
  const { toasts } = useApp()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => toasts.end(toast, 'gone'), toastTime)
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
      <IconButton icon={X} label={texts.dismiss} onClick={() => toasts.end(toast, 'gone')} />
    </div>
  )
}
