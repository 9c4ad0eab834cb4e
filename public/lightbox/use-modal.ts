import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Opens a dialog before the page, and gives the focus back to the link of the picture that was shown last: where it
 * was come from when that is the same one.
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>, url: string | undefined) {
  const last = useRef(url)
  last.current = url
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return undefined
    const opener = document.activeElement
    const first = last.current
    element.showModal()
    return () => {
      element.close()
      const known = opener instanceof HTMLElement && opener.isConnected ? opener : undefined
      const back = last.current === first && known !== document.body ? known : undefined
      const target = back ?? linkTo(last.current, known?.closest('main, aside')) ?? known
      target?.focus({ preventScroll: true })
      if (target !== known) target?.scrollIntoView({ block: 'nearest' })
    }
  }, [dialog])
}

/** The first link to a picture in a part of the page, else on the page. */
function linkTo(url: string | undefined, part: Element | null | undefined): HTMLElement | undefined {
  const links = [part, document.body].flatMap((place) => [
    ...(place?.querySelectorAll<HTMLElement>('a[href]') ?? []),
  ])
  return links.find((link) => link.getAttribute('href') === url)
}
