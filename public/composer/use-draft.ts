import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { OpenConversation } from '../app/open-conversation.ts'

const restTime = 350

/** The text being written; it survives a reload and a change of conversation. */
export function useDraft(open: OpenConversation): [string, (text: string) => void] {
  const { drafts } = useApp()
  const [text, setText] = useState(() => drafts.read(open.id.peek()))
  const latest = useRef(text)
  const kept = useRef({ id: open.id.peek(), text })
  latest.current = text

  useEffect(() => {
    const keep = () => {
      const id = open.id.peek()
      if (kept.current.id === id && kept.current.text === latest.current) return
      if (kept.current.id !== id) drafts.write(kept.current.id, '')
      drafts.write(id, latest.current)
      kept.current = { id, text: latest.current }
    }
    // An emptied box was sent: its draft goes at once. Words wait until the hand rests.
    const timer = setTimeout(keep, text === '' ? 0 : restTime)
    window.addEventListener('pagehide', keep)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pagehide', keep)
      if (latest.current !== text) return
      keep()
    }
  }, [drafts, open, text])

  return [text, setText]
}
