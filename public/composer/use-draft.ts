import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { MessageQueue } from '../app/message-queue.ts'
import type { OpenConversation } from '../app/open-conversation.ts'

/** Milliseconds without a key after which the draft is kept. */
const restTime = 350

/**
 * The text being written, and after it what still waits to be sent; it survives a reload, a change of conversation and a session that ends.
 */
export function useDraft(open: OpenConversation, queue: MessageQueue): [string, (text: string) => void] {
  const { drafts } = useApp()
  const [text, setText] = useState(() => drafts.read(open.id.peek()))
  const waiting = queue.items.value
  const latest = useRef(text)
  const kept = useRef({ id: open.id.peek(), text })

  const keep = useCallback(() => {
    const id = open.id.peek()
    const before = kept.current
    const words = [...queue.texts, latest.current].filter(Boolean).join('\n\n')
    if (before.id === id && before.text === words) return
    // The conversation has got its id: what was kept under "new" is this draft.
    if (before.id !== id) drafts.write(before.id, '')
    drafts.write(id, words)
    kept.current = { id, text: words }
  }, [drafts, open, queue])

  useEffect(() => {
    // An emptied box was sent: its draft goes at once. Words wait until the hand rests.
    const timer = setTimeout(keep, text === '' ? 0 : restTime)
    return () => clearTimeout(timer)
  }, [keep, text, waiting])
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
