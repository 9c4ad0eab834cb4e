import { X } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { IconButton } from '../parts/icon-button.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/sheet.css'

interface SheetProps {
  id: string
  title: string
  lead?: string
  small?: boolean
  onClose: () => void
  children: ComponentChildren
}

/** A modal dialog: the browser keeps the focus inside, Escape and a click beside it close it. */
export function Sheet({ id, title, lead, small = false, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return undefined
    const opener = document.activeElement
    element.showModal()
    return () => {
      element.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  const closeBeside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose()
  }
  return (
    <dialog
      ref={dialog}
      id={id}
      class={small ? 'sheet sheet--small' : 'sheet'}
      aria-labelledby={`${id}-title`}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={closeBeside}
    >
      <header class="sheet__head">
        <div>
          <h2 id={`${id}-title`}>{title}</h2>
          {lead && <p>{lead}</p>}
        </div>
        <IconButton icon={X} label={texts.close} onClick={onClose} />
      </header>
      {children}
    </dialog>
  )
}
