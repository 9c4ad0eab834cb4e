import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { OpenConversation } from '../app/open-conversation.ts'

/** Brings the message that the address names (`/c/…#message`) into view, and stays there. */
export function useArrival(
  transcript: RefObject<HTMLElement | null>,
  open: OpenConversation,
  stopFollowing: () => void,
) {
  const { router } = useApp()
  const part = router.part.value
  const isReady = open.reading.value === 'ready'
  useEffect(() => {
    if (part.id === '' || !isReady) return undefined
    let wanted = true
    const arrive = async () => {
      if (!(await open.reach(part.id)) || !wanted) return
      stopFollowing()
      requestAnimationFrame(() => {
        const message = [...(transcript.current?.children ?? [])].find(
          (element) => element instanceof HTMLElement && element.dataset['message'] === part.id,
        )
        if (!(message instanceof HTMLElement)) return
        message.tabIndex = -1
        message.focus({ preventScroll: true })
        message.scrollIntoView({ block: 'center' })
      })
    }
    void arrive()
    return () => {
      wanted = false
    }
  }, [part, isReady, open, transcript, stopFollowing])
}
