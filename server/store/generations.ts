import type { Db } from './database.ts'
import { unsynced } from './unsynced.ts'

type GenerationState =
  | 'reserved'
  | 'running'
  | 'received'
  | 'stored'
  | 'complete'
  | 'failed'
  | 'cancelled'
  | 'interrupted'

export interface NewGeneration {
  id: string
  userId: string
  conversationId: string | null
  turnId: string | null
  /** image, chat, refine, title, summary, extract, describe. */
  kind: string
  provider: string
  model: string
  /** `running` where the call follows at once; `reserved` where something comes before it. */
  state: 'reserved' | 'running'
  /** Which of the turn's pictures this is, from 0. */
  position: number
  /** The most that it is expected to cost, micro-dollars. */
  reservedMicro: number
  now: number
}

/** How a call ended, in money. */
export interface Settlement {
  state: 'stored' | 'complete' | 'failed' | 'cancelled' | 'interrupted'
  /** What the user pays. */
  costMicro: number
  /** What the provider may bill although the user pays nothing. */
  operatorMicro: number
  promptTokens: number
  completionTokens: number
  errorCode: string | null
  /** The provider's id of the call, where it was not named before, so that its bill can be found. */
  upstreamId?: string | undefined
  now: number
}

export interface GenerationRow {
  id: string
  userId: string
  conversationId: string | null
  turnId: string | null
  kind: string
  provider: string
  model: string
  state: GenerationState
  position: number
  reservedMicro: number
  costMicro: number
  upstreamId: string | null
  received: string | null
  startedAt: number | null
}

const columns = `
  id, user_id as userId, conversation_id as conversationId, turn_id as turnId, kind, provider, model, state, position,
  reserved_micro as reservedMicro, cost_micro as costMicro, upstream_id as upstreamId, received, started_at as startedAt`

/** Owns what no process works on any more; no process bears this id. */
export const nobody = 'nobody'

/** The states in which a call has not been settled. */
const open = `('reserved', 'running', 'received')`

export type GenerationStore = ReturnType<typeof generationStore>

/**
 * The ledger. Every paid call is a row, written before the call and settled exactly once: each change of
 * state names the states it may come from, so a second settlement changes nothing.
 * @param owner the process that makes the calls.
 */
export function generationStore(db: Db, owner: string) {
  const insert = db.prepare<
    [
      string,
      string,
      string | null,
      string | null,
      string,
      string,
      string,
      string,
      number,
      number,
      string,
      number,
      number | null,
    ]
  >(
    `insert into generations (id, user_id, conversation_id, turn_id, kind, provider, model, state, position,
       reserved_micro, owner, created_at, started_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const start = db.prepare<[number, string]>(
    `update generations set state = 'running', started_at = ? where id = ? and state = 'reserved'`,
  )
  const upstream = db.prepare<[string, string]>(`update generations set upstream_id = ? where id = ?`)
  const receive = db.prepare<[string, string]>(
    `update generations set state = 'received', received = ? where id = ? and state = 'running'`,
  )
  const settle = db.prepare<
    [string, number, number, number, number, string | null, string | null, number, string]
  >(
    `update generations set state = ?, cost_micro = ?, operator_micro = ?, prompt_tokens = ?, completion_tokens = ?,
       error_code = ?, upstream_id = coalesce(?, upstream_id), reserved_micro = 0, received = null, finished_at = ?
     where id = ? and state in ${open}`,
  )
  const release = db.prepare<[string, number, string]>(
    `update generations set state = ?, reserved_micro = 0, finished_at = ? where id = ? and state in ('reserved', 'running')`,
  )
  const releaseOfTurn = db.prepare<[string, number, string]>(
    `update generations set state = ?, reserved_micro = 0, finished_at = ? where turn_id = ? and state in ('reserved', 'running')`,
  )
  const leave = db.prepare<[string, string]>(
    `update generations set owner = ? where id = ? and state = 'received'`,
  )
  const leaveOfTurn = db.prepare<[string, string]>(
    `update generations set owner = ? where turn_id = ? and state = 'received'`,
  )
  // Said in the words of the index, which SQLite does not find otherwise.
  const received = db.prepare<[], { received: string }>(
    `select received from generations where state in ${open} and state = 'received' and received is not null`,
  )
  const ofTurn = db.prepare<[string], GenerationRow>(
    `select ${columns} from generations where turn_id = ? order by position, created_at`,
  )
  const costOfTurn = db.prepare<[string, string], { micro: number }>(
    `select coalesce(sum(cost_micro), 0) as micro from generations where turn_id = ? and kind = ?`,
  )
  const openOf = db.prepare<[string], GenerationRow>(
    `select ${columns} from generations where owner = ? and state in ${open}`,
  )
  const openOwners = db.prepare<[], { owner: string }>(
    `select distinct owner from generations where state in ${open}`,
  )
  const speeds = db.prepare<[string], { ms: number }>(
    `select finished_at - started_at as ms from generations
     where kind = 'image' and model = ? and state in ('stored', 'complete') and started_at is not null
     order by finished_at desc limit 50`,
  )

  return {
    /** Writes the row before the call; within a transaction where the claim of a turn needs it. */
    reserve(generation: NewGeneration): void {
      insert.run(
        generation.id,
        generation.userId,
        generation.conversationId,
        generation.turnId,
        generation.kind,
        generation.provider,
        generation.model,
        generation.state,
        generation.position,
        generation.reservedMicro,
        owner,
        generation.now,
        generation.state === 'running' ? generation.now : null,
      )
    },

    /** From `reserved` to `running`, just before the request leaves. False: it was cancelled meanwhile. */
    start(id: string, now: number): boolean {
      return start.run(now, id).changes > 0
    },

    /** Keeps the provider's id of the call as soon as it is known, so that its bill can be found later. */
    nameUpstream: unsynced(db, (id: string, upstreamId: string): void => {
      upstream.run(upstreamId, id)
    }),

    /** From `running` to `received`: the bytes lie synced in temporary files that `received` names. False: it had ended meanwhile. */
    receive(id: string, received: string): boolean {
      return receive.run(received, id).changes > 0
    },

    /** Gives up a turn's received calls, as `leave` does. */
    leaveOfTurn(turnId: string): void {
      leaveOfTurn.run(nobody, turnId)
    },
    /** Gives up a received call whose pictures cannot be kept now: it is taken up like a dead process's. */
    leave(id: string): void {
      leave.run(nobody, id)
    },

    /** Ends a call once; false when it had ended before. */
    settle(id: string, end: Settlement): boolean {
      return (
        settle.run(
          end.state,
          end.costMicro,
          end.operatorMicro,
          end.promptTokens,
          end.completionTokens,
          end.errorCode,
          end.upstreamId ?? null,
          end.now,
          id,
        ).changes > 0
      )
    },

    /** Ends a call that brought nothing, without a charge; one whose picture was received stays open. */
    release(id: string, state: 'failed' | 'cancelled' | 'interrupted', now: number): boolean {
      return release.run(state, now, id).changes > 0
    },

    /** Ends all calls of a turn that brought nothing, its side questions too. */
    releaseOfTurn(turnId: string, state: 'failed' | 'cancelled' | 'interrupted', now: number): void {
      releaseOfTurn.run(state, now, turnId)
    },

    ofTurn: (turnId: string) => ofTurn.all(turnId),
    /** What the settled calls of one kind have cost a turn, micro-dollars. */
    costOfTurn: (turnId: string, kind: string) => costOfTurn.get(turnId, kind)?.micro ?? 0,
    /** The notes of all calls whose pictures wait to be kept. */
    received: () => received.all().map((row) => row.received),
    openOf: (ownerId: string) => openOf.all(ownerId),
    openOwners: () => openOwners.all().map((row) => row.owner),

    /** How long a model's last 50 finished pictures took, milliseconds. */
    paintingTimes: (model: string) => speeds.all(model).map((row) => row.ms),
  }
}
