import type { ServerResponse } from 'node:http'
import type { LiveTurn } from '../turns/live-turn.ts'

/** A comment goes out after this much silence, so that proxies keep the connection. */
const silenceMs = 15_000
/** How often it is asked whether whoever reads may still be there. */
const recheckMs = 4000
/** A reader that takes nothing of what waits for it for so long has stopped reading. */
const stalledMs = 30_000

/** A restart takes about so long. */
const returnAfterMs = 1000

const streamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const

/** What HEAD gets: a stream's headers at once, since no event will follow. */
export function endWithStreamHeaders(res: ServerResponse): void {
  res.writeHead(200, streamHeaders).end()
}

interface Reader {
  /** Asked every few seconds; a stream whose session ended is cut. */
  mayStay: () => boolean
  /** How long a reader may take nothing of what waits for it, milliseconds. */
  patienceMs?: number
}

/**
 * Begins a stream of server-sent events; the headers go out with the first of them, or by `flushHeaders`. Until
 * it is closed a comment goes out where it is silent, and a reader that stopped reading is cut: it can resume.
 */
export function openStream(res: ServerResponse, { mayStay, patienceMs = stalledMs }: Reader): void {
  res.writeHead(200, streamHeaders)
  let isLate = false
  let sent = 0
  let silentMs = 0
  const timer = setInterval(check, recheckMs)
  timer.unref()
  res.on('close', () => clearInterval(timer))

  function check(): void {
    if (!mayStay()) {
      res.destroy()
      return
    }
    watch()
    const now = res.socket?.bytesWritten ?? 0
    silentMs = now === sent ? silentMs + recheckMs : 0
    sent = now
    // Up to one check more than was counted.
    if (silentMs + 2 * recheckMs < silenceMs || res.writableEnded || res.writableNeedDrain) return
    res.write(':\n\n')
    silentMs = 0
    sent = res.socket?.bytesWritten ?? 0
  }

  /**
   * Gives a reader for whom something waits a time-out: Node cuts at it, and counts what the system takes of a write
   * as life, however little. Whoever keeps up has none, since it would be moved with every token.
   */
  function watch(): void {
    const wasLate = isLate
    isLate = (res.socket?.writableLength ?? 0) > 0
    if (isLate !== wasLate) res.setTimeout(isLate ? patienceMs : 0)
  }
}

/**
 * Sends a running turn's events after an id, then live ones, until `done` or until the client is gone.
 * The turn does not notice either way, and what a slow reader has not taken yet waits with the turn.
 */
export function followLive(res: ServerResponse, live: LiveTurn, afterId: number): void {
  let lastId = afterId

  const leave = live.follow({ wake: send })
  res.on('drain', send)
  res.on('close', leave)
  send()
  // The first event of a turn that has only just begun is about to come, and takes the headers with it.
  if (lastId === afterId && live.isShown) res.flushHeaders()

  function send(): void {
    while (!res.destroyed && !res.writableEnded && !res.writableNeedDrain) {
      const frames = live.framesAfter(lastId)
      if (frames.text !== '') {
        if (lastId > afterId) writePiece(res, frames.text)
        // The headers go with it.
        else res.write(frames.text)
        lastId = frames.lastId
      }
      if (!frames.isAll) continue
      if (live.hasEnded) {
        leave()
        res.end()
      }
      return
    }
  }
}

/**
 * Tells a client that reconnects by itself to do so soon: this stream may end without `done` (WHATWG HTML, section
 * 9.2.6). No event comes of it.
 */
export function askToReturn(res: ServerResponse): void {
  if (!res.writableEnded && !res.destroyed) res.write(`retry: ${returnAfterMs}\n\n`)
}

/**
 * Writes one piece of a chunked body (RFC 9112, section 7.1) as one piece. `res.write` hands length, bytes and
 * line ends to the system as four, in a tick of its own: a tenth of what a token costs. It is taken where
 * anything waits already, since it alone tells of the drain. The headers must have left.
 */
function writePiece(res: ServerResponse, text: string): void {
  const { socket } = res
  if (!socket || !res.chunkedEncoding || socket.writableLength > 0) {
    res.write(text)
    return
  }
  socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
}

/** Writes at the pace at which it is read; resolves when there may be more. */
export async function writeAtPace(res: ServerResponse, text: string): Promise<void> {
  if (res.write(text) || res.destroyed) return
  await new Promise<void>((resolve) => {
    function goOn(): void {
      res.off('drain', goOn)
      res.off('close', goOn)
      resolve()
    }
    res.on('drain', goOn)
    res.on('close', goOn)
  })
}
