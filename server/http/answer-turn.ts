import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { TurnStatus } from '../contract/turns.ts'
import { Problem, statusOf, type ProblemCode } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { TurnRow } from '../store/turns.ts'
import type { LiveTurn } from '../turns/live-turn.ts'
import { presentMessages } from '../turns/present-message.ts'
import { hasReadTheEnd, madeUpEnd, storedFrames } from '../turns/replay.ts'
import type { Runner } from '../turns/runner.ts'
import type { Identity } from './identify.ts'
import { requestIdOf } from './request-id.ts'
import { answered, Reply } from './route.ts'
import { askToReturn, followLive, openStream, writeAtPace } from './sse.ts'

interface Parts {
  store: Store
  runner: Runner
  identity: Identity
  log: Logger
}

type Status = z.infer<typeof TurnStatus>

/** The most streams that one user may have open at once: some tabs on some machines. */
const mostStreams = 40
/** How often a turn that runs in another process is looked at, milliseconds. */
const pollMs = 500

/** Answers with turns: as a stream, as the finished message, or with how far they are. */
export function turnAnswers({ store, runner, identity, log }: Parts) {
  const openStreams = new Map<string, number>()
  const streaming = new Set<Response>()
  runner.draining.addEventListener('abort', () => streaming.forEach(askToReturn), { once: true })

  return { ownTurn, assertStreamLeft, answerTurn, streamTurn, statusOfTurn }

  /** @throws Problem `not_found` */
  function ownTurn(userId: string, id: string): TurnRow {
    const row = store.turns.find(userId, id)
    if (!row) throw new Problem('not_found', 'This turn does not exist, or it is not yours.')
    return row
  }

  /** As a stream, or as the finished message, whichever the client accepts. */
  async function answerTurn(req: Request, res: Response, turn: LiveTurn | TurnRow): Promise<unknown> {
    if (!wantsJson(req)) return 'turn' in turn ? streamLive(req, res, turn, 0) : streamTurn(req, res, turn, 0)
    const { id } = 'turn' in turn ? turn.turn : turn
    const { state, message, error } = await endOf(turn)
    if (error && state === 'failed') {
      const { code } = error
      const http = code !== undefined && code in statusOf ? statusOf[code as ProblemCode] : 500
      if (error.retry_after !== undefined) res.setHeader('Retry-After', String(error.retry_after))
      return new Reply(http, { ...error, request_id: requestIdOf(res), turn_id: id })
    }
    return message
  }

  /** How a turn ended, as soon as it has: as it was told here, else as it stands in the database. */
  async function endOf(turn: LiveTurn | TurnRow): Promise<Pick<Status, 'state' | 'message' | 'error'>> {
    const live = 'turn' in turn ? turn : runner.live(turn.id)
    await live?.ended
    const state = live?.end?.message.state
    // An end that could not be recorded is somebody else's to record.
    if (live?.end && state !== undefined && state !== 'streaming') return { ...live.end, state }
    const { id, userId } = 'turn' in turn ? turn.turn : turn
    return statusOfTurn(await waitForEnd(ownTurn(userId, id)))
  }

  async function waitForEnd(row: TurnRow): Promise<TurnRow> {
    let present = row
    while (present.state === 'running') {
      await pause()
      present = ownTurn(row.userId, row.id)
    }
    return present
  }

  /** Asked before a turn begins: what has begun costs money and must not be refused any more. @throws Problem `too_many_active` */
  function assertStreamLeft(userId: string): void {
    const open = openStreams.get(userId) ?? 0
    if (open < mostStreams) return
    throw new Problem(
      'too_many_active',
      `You have ${open} streams open. Close a tab, or poll the turn instead.`,
      { retryAfter: 5 },
    )
  }

  function streamTurn(req: Request, res: Response, row: TurnRow, afterId: number): typeof answered {
    const live = runner.live(row.id)
    if (live) return streamLive(req, res, live, afterId)
    beginStream(req, res, row.userId)
    replay(res, row, afterId).catch((cause: unknown) => {
      log.error({ err: cause, turn: row.id }, 'a turn could not be replayed')
      // Cut, not ended: the client comes back for the rest.
      res.destroy()
    })
    return answered
  }

  function streamLive(req: Request, res: Response, live: LiveTurn, afterId: number): typeof answered {
    beginStream(req, res, live.turn.userId)
    followLive(res, live, afterId)
    return answered
  }

  function beginStream(req: Request, res: Response, userId: string): void {
    openStreams.set(userId, (openStreams.get(userId) ?? 0) + 1)
    streaming.add(res)
    res.on('close', () => {
      streaming.delete(res)
      const left = (openStreams.get(userId) ?? 1) - 1
      if (left > 0) openStreams.set(userId, left)
      else openStreams.delete(userId)
    })
    openStream(res, { mayStay: () => identity.stillHolds(req) })
  }

  /** What was saved; for a turn of another process, again and again until it has ended. */
  async function replay(res: Response, row: TurnRow, afterId: number): Promise<void> {
    let lastId = afterId
    let present = row
    let isOver = hasReadTheEnd(store, row.id, afterId)
    while (!isOver) {
      for (const stored of storedFrames(store, row.id, lastId)) {
        await writeAtPace(res, stored.text)
        if (res.destroyed) return
        ;({ lastId, isOver } = stored)
      }
      if (isOver) break
      if (present.state !== 'running') {
        const [message] = presentMessages(store, row.conversationId, [row.modelMessageId])
        if (message) res.write(madeUpEnd(present, message, lastId))
        break
      }
      if (lastId === afterId) res.flushHeaders()
      await pause()
      // The turn goes on elsewhere, and so may who follows it.
      if (res.destroyed || runner.isDraining()) break
      const next = store.turns.find(row.userId, row.id)
      if (!next) break
      present = next
    }
    res.end()
  }

  function statusOfTurn(row: TurnRow): Status {
    const progress = runner.live(row.id)?.progress ?? row
    const [message] = presentMessages(store, row.conversationId, [row.modelMessageId])
    return {
      turn_id: row.id,
      conversation_id: row.conversationId,
      kind: row.kind,
      state: row.state,
      stage: progress.stage,
      percent: progress.percent,
      label: progress.label,
      ...(message ? { message } : {}),
      ...(row.error ? { error: row.error } : {}),
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pollMs).unref()
  })
}

/** Only a client that names JSON and not the stream waits; anything or nothing means the stream. */
export function wantsJson(req: Request): boolean {
  const accept = req.headers.accept?.toLowerCase() ?? ''
  return accept.includes('application/json') && !accept.includes('text/event-stream')
}
