import { useLayoutEffect } from 'preact/hooks'
import { useApp, type App } from './app.ts'
import { shortcutOf, type Shortcut } from './shortcuts.ts'

/** Listens for the keyboard shortcuts of the whole page. */
export function useShortcuts() {
  const app = useApp()
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !app.shortcuts.enabled.peek()) return
      if (app.session.peek().state !== 'user') return
      const target = event.target instanceof Element ? event.target : document.body
      const shortcut = shortcutOf(event, {
        inText: target.matches('input, textarea, select, [contenteditable]'),
        somethingOpen: document.querySelector('dialog[open], :popover-open:not([role=status])') !== null,
      })
      if (shortcut !== undefined && act(app, shortcut)) event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [app])
}

/** Does what the shortcut stands for; false when there is nothing to do, and the key is the browser's. */
function act(app: App, shortcut: Shortcut): boolean {
  const open = app.open.peek()
  switch (shortcut) {
    case 'find':
    case 'help': {
      const kind = shortcut === 'find' ? 'find' : 'shortcuts'
      app.looking.value = undefined
      app.dialog.value = app.dialog.peek()?.kind === kind ? undefined : { kind }
      return true
    }
    case 'new':
      app.dialog.value = undefined
      app.looking.value = undefined
      app.go('/')
      toComposer()
      return true
    case 'focus':
      app.drawers.close()
      toComposer()
      return true
    case 'panel':
      if (open.id.peek() === undefined) return false
      app.drawers.openPanel(!app.drawers.panelOpen.peek())
      return true
    case 'stop':
      if (!open.isRunning.peek() || app.drawers.sidebarOpen.peek()) return false
      open.stop()
      return true
    default:
      return shortcut satisfies never
  }
}

/** The focus goes there as soon as the drawers that were over the page are gone. */
function toComposer() {
  setTimeout(() => document.getElementById('composer')?.focus())
}
