import { useEffect, useRef } from 'preact/hooks'
import type { OpenConversation } from '../app/open-conversation.ts'
import { texts } from '../texts/texts.ts'

/** Reads the page before the first message as the reader comes near it. Nothing at the beginning of the conversation. */
export function OlderMessages({ open }: { open: OpenConversation }) {
  const older = open.older.value
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = top.current
    if (!element || older === null) return undefined
    const watching = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting) void open.readOlder()
      },
      { rootMargin: '600px 0px 0px 0px' },
    )
    watching.observe(element)
    return () => watching.disconnect()
  }, [open, older])
  if (older === null) return null
  return (
    <div class="transcript__older quiet" ref={top}>
      {texts.conversation.older}
    </div>
  )
}
