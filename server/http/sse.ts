import type { Response } from 'express'
import type { LiveTurn } from '../turns/live-turn.ts'

/** A comment goes out after this much silence, so that proxies keep the connection. */
const silenceMs = 15_000
/** How much may wait for a reader that stopped reading before it is cut; it can resume. */
const mostUnread = 4 * 1024 * 1024
/** How often it is asked whether whoever reads may still be there. */
const recheckMs = 4000

/** Begins a stream of server-sent events; the headers go out with the first of them, or by `flushHeaders`. */
export function openStream(res: Response): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
    Connection: 'keep-alive',
  })
}

/**
 * Sends a running turn's events after an id, then live ones, until `done` or until the client is gone.
 * The turn does not notice either way.
 * @param mayStay asked every few seconds; a stream whose session ended is cut.
 */
export function followLive(res: Response, live: LiveTurn, afterId: number, mayStay: () => boolean): void {
  let lastId = afterId
  let lastWrite = performance.now()

  const follower = { wake: send }
  const leave = live.follow(follower)
  const timer = setInterval(check, recheckMs)
  timer.unref()
  res.on('close', stop)
  send()
  if (lastId === afterId) res.flushHeaders()

  function send(): void {
    if (res.destroyed || res.writableEnded) return
    const frames = live.framesAfter(lastId)
    if (frames.text !== '') {
      lastId = frames.lastId
      lastWrite = performance.now()
      res.write(frames.text)
      if (res.writableLength > mostUnread) {
        res.destroy()
        return
      }
    }
    if (live.hasEnded) {
      stop()
      res.end()
    }
  }
  function check(): void {
    if (!mayStay()) {
      res.destroy()
    } else if (performance.now() - lastWrite > silenceMs - recheckMs) {
      lastWrite = performance.now()
      res.write(':\n\n')
    }
  }
  function stop(): void {
    leave()
    clearInterval(timer)
  }
}
