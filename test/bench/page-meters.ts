/* What the browser itself says of a page, by its own APIs: Paint Timing, Event Timing, Layout Instability, frames. */

/** One thing that a person did, as Event Timing has it: the longest of the events that belong to it. */
interface Interaction {
  name: string
  /** From the hand to the next paint, milliseconds in steps of 8. */
  durationMs: number
  /** Until the page could begin, and what its own work took. */
  delayMs: number
  workMs: number
}

export interface Meters {
  firstContentfulPaintMs: number
  /** When the newest message was on the screen; undefined where there is none. */
  newestMs: number | undefined
  /** Interactions of 16 ms or more, and how many there were in all. */
  interactions: Interaction[]
  interactionCount: number
  /** Layout shifts that no hand caused, with what moved. */
  shifts: { value: number; moved: string[] }[]
}

export interface Frames {
  /** Milliseconds between the frames that the page drew. */
  intervals: number[]
  /** Long animation frames (over 50 ms), milliseconds. */
  long: number[]
}

/** Runs in every document before the page's own scripts. */
export const metersScript = `(() => {
  const events = new Map()
  const shifts = []
  const long = []
  let newestMs, intervals, at
  const observe = (options, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ buffered: true, ...options })
  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ')
  const name = (node) => node ? (node.nodeName + '.' + (node.className || '').toString().slice(0, 40)) : 'gone'
  observe({ type: 'layout-shift' }, (entry) => {
    if (entry.hadRecentInput) return
    const moved = entry.sources.map(({ node, previousRect, currentRect }) =>
      [name(node), place(previousRect), '→', place(currentRect)].join(' '))
    shifts.push({ value: entry.value, moved })
  })
  observe({ type: 'long-animation-frame' }, (entry) => long.push(entry.duration))
  observe({ type: 'event', durationThreshold: 16 }, (entry) => {
    if (!entry.interactionId) return
    const known = events.get(entry.interactionId)
    if (known && known.durationMs >= entry.duration) return
    events.set(entry.interactionId, {
      name: entry.name + ' ' + name(entry.target),
      durationMs: entry.duration,
      delayMs: entry.processingStart - entry.startTime,
      workMs: entry.processingEnd - entry.processingStart,
    })
  })
  // A frame with the message in it has been drawn once the one after it begins.
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame((now) => (newestMs ??= now)))
  const watching = new MutationObserver(() => {
    if (!document.querySelector('#chatView article')) return
    watching.disconnect()
    drawn()
  })
  watching.observe(document, { childList: true, subtree: true })
  const tick = (now) => {
    if (!intervals) return
    intervals.push(now - at)
    at = now
    requestAnimationFrame(tick)
  }
  window.bench = {
    watchFrames() {
      intervals = []
      long.length = 0
      requestAnimationFrame((now) => {
        at = now
        requestAnimationFrame(tick)
      })
    },
    frames() {
      const found = { intervals: intervals ?? [], long: [...long] }
      intervals = undefined
      return found
    },
    meters: () => ({
      firstContentfulPaintMs: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      newestMs,
      interactions: [...events.values()],
      interactionCount: performance.interactionCount,
      shifts,
    }),
  }
})()`

/**
 * Interaction to next paint, as web-vitals defines it: the longest interaction, where one in every fifty may be an
 * outlier. What was shorter than 16 ms is not told, so few or no interactions mean 16.
 */
export function interactionToNextPaint({ interactions, interactionCount }: Meters): number {
  const longest = interactions.map(({ durationMs }) => durationMs).toSorted((a, b) => b - a)
  return longest[Math.min(longest.length - 1, Math.floor(interactionCount / 50))] ?? 16
}
