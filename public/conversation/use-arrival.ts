import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { fetchMessages } from './transcript.tsx'
import type { useFollowing } from './use-following.ts'

/** What can be the id of a message, rather than the name of another part of the page. */
const messageId = /^[\w-]{16,64}$/

/**
 * Brings the message that the address names (`/c/…#message`) into view, and stays there. It takes the focus, unless
 * somebody has pressed something meanwhile.
 */
export function useArrival(
  transcript: RefObject<HTMLElement | null>,
  open: OpenConversation,
  { stop, follow }: Pick<ReturnType<typeof useFollowing>, 'stop' | 'follow'>,
) {
  const { router } = useApp()
  const part = router.part.value
  const isReady = open.reading.value === 'ready'
  useLayoutEffect(() => {
    if (!messageId.test(part.id) || !isReady) return undefined
    let wanted = true
    let isBusy = false
    const press = () => {
      isBusy = true
    }
    document.addEventListener('keydown', press, true)
    document.addEventListener('pointerdown', press, true)
    const arrive = async () => {
      const followed = stop()
      const [reached] = await Promise.all([open.reach(part.id), fetchMessages()])
      if (!wanted) return
      if (!reached) {
        if (followed) follow()
        return
      }
      const message = await drawn(transcript, part.id, () => wanted && isShown(open, part.id))
      if (!message || !wanted) return
      message.tabIndex = -1
      if (!isBusy) message.focus({ preventScroll: true })
      message.scrollIntoView({ block: 'center' })
    }
    void arrive()
    return () => {
      wanted = false
      document.removeEventListener('keydown', press, true)
      document.removeEventListener('pointerdown', press, true)
    }
  }, [part, isReady, open, transcript, stop, follow])
}

function isShown(open: OpenConversation, id: string): boolean {
  return open.entries.peek().some((entry) => entry.message.peek().id === id)
}

/** The element of a message as soon as it is drawn, which may wait for code that is still on its way. */
async function drawn(
  transcript: RefObject<HTMLElement | null>,
  id: string,
  isWanted: () => boolean,
): Promise<HTMLElement | undefined> {
  while (isWanted()) {
    for (const element of transcript.current?.children ?? [])
      if (element instanceof HTMLElement && element.dataset['message'] === id) return element
    await new Promise(requestAnimationFrame)
  }
  return undefined
}
