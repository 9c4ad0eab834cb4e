import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { OpenConversation } from '../app/open-conversation.ts'

/** Milliseconds without a key after which the draft is kept. */
const restTime = 350

/** The text being written; it survives a reload, a change of conversation and a session that ends. */
export function useDraft(open: OpenConversation): [string, (text: string) => void] {
  const { drafts } = useApp()
  const [text, setText] = useState(() => drafts.read(open.id.peek()))
  const latest = useRef(text)
  const kept = useRef({ id: open.id.peek(), text })

  const keep = useCallback(() => {
    const id = open.id.peek()
    const before = kept.current
    if (before.id === id && before.text === latest.current) return
    // The conversation has got its id: what was kept under "new" is this draft.
    if (before.id !== id) drafts.write(before.id, '')
    drafts.write(id, latest.current)
    kept.current = { id, text: latest.current }
  }, [drafts, open])

  useEffect(() => {
    // An emptied box was sent: its draft goes at once. Words wait until the hand rests.
    const timer = setTimeout(keep, text === '' ? 0 : restTime)
    return () => clearTimeout(timer)
  }, [keep, text])
  useEffect(() => {
    window.addEventListener('pagehide', keep)
    return () => {
      window.removeEventListener('pagehide', keep)
      keep()
    }
  }, [keep])

  const write = useCallback((next: string) => {
    latest.current = next
    setText(next)
  }, [])
  return [text, write]
}
