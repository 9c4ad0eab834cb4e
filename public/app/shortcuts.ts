import { signal } from '@preact/signals'

export type Shortcut = 'find' | 'new' | 'focus' | 'stop' | 'panel' | 'help'

/** What a key event tells that matters here. */
export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/**
 * The shortcut that was pressed, if any. Single keys count only outside of text fields; Esc belongs to whatever is
 * open before it stops an answer.
 */
export function shortcutOf(
  pressed: Pressed,
  place: { inText: boolean; somethingOpen: boolean },
): Shortcut | undefined {
  const { key, shiftKey, altKey } = pressed
  const command = pressed.ctrlKey || pressed.metaKey
  const name = key.length === 1 ? key.toLowerCase() : key
  if (command && !altKey) {
    if (name === 'k' && !shiftKey) return 'find'
    if (name === 'o' && shiftKey) return 'new'
    if (name === '.' && !shiftKey) return 'panel'
    return name === '/' ? 'help' : undefined
  }
  if (command || altKey) return undefined
  if (name === 'Escape') {
    if (place.somethingOpen) return undefined
    return shiftKey ? 'focus' : 'stop'
  }
  return name === '?' && !place.inText && !place.somethingOpen ? 'help' : undefined
}

/** The keys of each shortcut, in the words of the key caps. */
export const shortcutKeys: Readonly<Record<Shortcut, readonly (readonly string[])[]>> = {
  new: [['control', 'shift', 'O']],
  find: [['control', 'K']],
  focus: [['shift', 'escape']],
  stop: [['escape']],
  panel: [['control', '.']],
  help: [['?'], ['control', '/']],
}

/** Whether shortcuts do anything in this browser. */
export class Shortcuts {
  readonly enabled
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage
    this.enabled = signal(storage.getItem('easel.shortcuts') !== 'off')
  }

  enable(on: boolean) {
    this.enabled.value = on
    if (on) this.#storage.removeItem('easel.shortcuts')
    else this.#storage.setItem('easel.shortcuts', 'off')
  }
}
