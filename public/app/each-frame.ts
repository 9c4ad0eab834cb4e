/** Gathers calls and runs `work` once per painted frame; a hidden page paints none, so a timer serves there. */
export function eachFrame(work: () => void): { request(): void; flush(): void } {
  let frame: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = () => {
    if (frame !== undefined) cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = undefined
    timer = undefined
    work()
  }
  return {
    request() {
      if (frame !== undefined || timer !== undefined) return
      if (document.hidden) timer = setTimeout(run, 200)
      else frame = requestAnimationFrame(run)
      // A page that is hidden in between gets no frame.
      timer ??= setTimeout(run, 400)
    },
    flush: run,
  }
}
