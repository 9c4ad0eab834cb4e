import { useLayoutEffect } from 'preact/hooks'

/** Grows a box with its text where CSS `field-sizing` does not. */
export function useGrowth(box: { current: HTMLTextAreaElement | null }, text: string) {
  useLayoutEffect(() => {
    const element = box.current
    if (!element || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [box, text])
}
