import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { texts } from '../texts/texts.ts'

/**
 * Gives the focus a place when what had it goes away (a version that was stepped over, an answer that is written
 * anew, a painting that was cancelled): the control of the same name in the message that stands there now, or its
 * next step, else the box to write in.
 */
export function useKeptFocus(transcript: RefObject<HTMLElement | null>) {
  useLayoutEffect(() => {
    const place = transcript.current
    if (!place) return undefined
    let held: Element | undefined
    let at = -1
    const rescue = () => {
      if (!held || held.isConnected || document.activeElement !== document.body) return
      const name = held.ariaLabel === texts.message.editLabel ? texts.message.edit : held.ariaLabel
      held = undefined
      const message = messagesIn(place)[at]
      const named = name ? [...(message?.querySelectorAll('button') ?? [])] : []
      const heir =
        named.find((button) => button.ariaLabel === name && !button.disabled) ??
        message?.querySelector<HTMLElement>('.picture__next button')
      // A phone would raise its keyboard.
      const box = window.matchMedia('(pointer: fine)').matches ? document.getElementById('composer') : null
      ;(heir ?? box)?.focus({ preventScroll: !heir })
    }
    const watching = new MutationObserver(rescue)
    const listening = new AbortController()
    const { signal } = listening
    place.addEventListener(
      'focusin',
      ({ target }) => {
        if (!(target instanceof Element)) return
        held = target
        at = messagesIn(place).findIndex((message) => message.contains(target))
        watching.observe(place, { childList: true, subtree: true })
      },
      { signal },
    )
    place.addEventListener(
      'focusout',
      () => {
        // What is taken away may lose the focus before it is gone.
        queueMicrotask(() => {
          if (!held?.isConnected || held === document.activeElement) return
          held = undefined
          watching.disconnect()
        })
      },
      { signal },
    )
    return () => {
      listening.abort()
      watching.disconnect()
    }
  }, [transcript])
}

function messagesIn(place: Element): Element[] {
  return [...place.querySelectorAll('article')]
}
