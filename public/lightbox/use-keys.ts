import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Listens for plain keys wherever the focus is, also where what had it is gone. A key stays with the text or the line
 * that it belongs to.
 */
export function useKeys(acts: Readonly<Record<string, () => void>>) {
  const latest = useRef(acts)
  latest.current = acts
  // Not after the first frame, as an effect would: what can be seen can be pressed.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOwn(event)) return
      const act = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

function isOwn({ target, key }: KeyboardEvent): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  const moves = key.startsWith('Arrow') || key === 'Home' || key === 'End'
  return moves && target instanceof HTMLInputElement
}
