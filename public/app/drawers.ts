import { signal, type Signal } from '@preact/signals'
import type { Remembered } from './remembered.ts'

/** What stands at the sides of the page, or lies over it where the window is narrow. */
export class Drawers {
  readonly sidebarOpen = signal(false)
  readonly panelOpen: Signal<boolean>
  readonly #remembered: Remembered

  constructor(remembered: Remembered) {
    this.#remembered = remembered
    this.panelOpen = signal(remembered.read('panel') === 'open' && !isPanelDrawer())
  }

  openPanel(shown: boolean) {
    if (shown) this.sidebarOpen.value = false
    this.panelOpen.value = shown
    if (shown) this.#remembered.keep('panel', 'open')
    else this.#remembered.forget('panel')
  }

  /** Brings the sidebar out where it does not stand there anyway. */
  showSidebar() {
    this.sidebarOpen.value = window.matchMedia('(max-width: 56rem)').matches
  }

  /** Puts away what lies over the page. */
  close() {
    this.sidebarOpen.value = false
    if (this.panelOpen.peek() && isPanelDrawer()) this.openPanel(false)
  }
}

/** Where the side panel is a drawer before the page rather than beside it; as the styles have it. */
function isPanelDrawer(): boolean {
  return window.matchMedia('(max-width: 75rem)').matches
}
