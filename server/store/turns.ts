import type { EventError, TurnState } from '../contract/turns.ts'
import { Problem } from '../errors.ts'
import type { Db } from './database.ts'
import { firstIdOf } from '../ids.ts'
import { unsynced } from './unsynced.ts'
import { whole } from './whole.ts'
import { nobody, type GenerationStore, type NewGeneration, type Settlement } from './generations.ts'
import type { NewImage } from './image-row.ts'
import type { ImageRows } from './images.ts'
import type { ConversationStore } from './conversations.ts'
import type { IdempotencyStore } from './idempotency.ts'
import type { MessageEnd, MessageStore, NewMessage } from './messages.ts'

export interface TurnRow {
  id: string
  conversationId: string
  userId: string
  userMessageId: string
  modelMessageId: string
  kind: string
  state: TurnState
  stage: string | null
  percent: number
  label: string | null
  /** What the turn was asked to do, as JSON. */
  request: string
  error: EventError | null
  owner: string
  createdAt: number
  finishedAt: number | null
}

type Stored = Omit<TurnRow, 'error'> & { error: string | null }

const columns = `
  id, conversation_id as conversationId, user_id as userId, user_message_id as userMessageId,
  model_message_id as modelMessageId, kind, state, stage, percent, label, request, error, owner,
  created_at as createdAt, finished_at as finishedAt`

/** All that must be written before a turn may begin, in one transaction. */
export interface TurnClaim {
  id: string
  conversationId: string
  userId: string
  kind: string
  request: string
  /** Undefined when an earlier message is answered once more. */
  userMessage: NewMessage | undefined
  userMessageId: string
  attachmentIds: readonly string[]
  modelMessage: NewMessage
  generations: readonly NewGeneration[]
  idempotency: { key: string; bodyHash: string } | undefined
  now: number
}

/** All that is written when a turn ends, in one transaction. */
export interface TurnEnd {
  turnId: string
  messageId: string
  state: Exclude<TurnState, 'running'>
  message: MessageEnd
  images: readonly NewImage[]
  settlements: readonly { generationId: string; settlement: Settlement }[]
  now: number
}

/** A piece of a turn's stream, as it went out. */
export interface EventPiece {
  turnId: string
  firstId: number
  lastId: number
  body: string
}

/** How far a turn is. */
export interface TurnSteps {
  stage: string | null
  percent: number
  label: string | null
}

/** The provider's id of a call. */
export interface NamedCall {
  generationId: string
  upstreamId: string
}

/** What is saved of a running turn now and then. */
export interface TurnProgress {
  turnId: string
  messageId: string
  /** What has changed since it was last saved; undefined where nothing has. */
  text: string | undefined
  steps: TurnSteps | undefined
  /** Calls whose provider's id became known. */
  calls: readonly NamedCall[]
  events: EventPiece | undefined
}

function fromStored(row: Stored): TurnRow {
  // Written by this server from an EventError, and by nobody else.
  return { ...row, error: row.error === null ? null : (JSON.parse(row.error) as EventError) }
}

interface Parts {
  conversations: ConversationStore
  messages: MessageStore
  generations: GenerationStore
  images: ImageRows
  idempotency: IdempotencyStore
  owner: string
}

function turnInProgress(): Problem {
  return new Problem(
    'turn_in_progress',
    'This conversation is still being answered. Wait for it, or cancel it.',
  )
}

/** Turns and their streams. */
export function turnStore(
  db: Db,
  { conversations, messages, generations, images, idempotency, owner }: Parts,
) {
  const insert = db.prepare<[string, string, string, string, string, string, string, string, number]>(
    `insert into turns (id, conversation_id, user_id, user_message_id, model_message_id, kind, state, request, owner, created_at)
     values (?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)`,
  )
  const busy = db.prepare<[string], { id: string }>(
    `select id from turns where conversation_id = ? and state = 'running'`,
  )
  const place = db.prepare<
    { conversationId: string; parentId: string | null },
    { isBusy: 0 | 1; hasParent: 0 | 1 }
  >(
    `select exists (select 1 from turns where conversation_id = @conversationId and state = 'running') as isBusy,
       @parentId is null
         or exists (select 1 from messages where id = @parentId and conversation_id = @conversationId) as hasParent
     from conversations where id = @conversationId and hidden_by is null`,
  )
  const byId = db.prepare<[string, string], Stored>(
    `select ${columns} from turns where id = ? and user_id = ?`,
  )
  const byMessage = db.prepare<{ conversationId: string; messageId: string }, Stored>(
    `select ${columns} from turns
     where id = (select turn_id from messages where id = @messageId and conversation_id = @conversationId)`,
  )
  const runningOwners = db.prepare<[], { owner: string }>(
    `select distinct owner from turns where state = 'running'`,
  )
  const runningOf = db.prepare<[string], Stored>(
    `select ${columns} from turns where owner = ? and state = 'running'`,
  )
  const finish = db.prepare<[string, string | null, number, string]>(
    `update turns set state = ?, error = ?, finished_at = ? where id = ? and state = 'running'`,
  )
  const leave = db.prepare<[string, string]>(`update turns set owner = ? where id = ? and state = 'running'`)
  const progress = db.prepare<[string | null, number, string | null, string]>(
    `update turns set stage = ?, percent = ?, label = ? where id = ? and state = 'running'`,
  )
  // Nothing is added to a turn that was removed with its conversation meanwhile.
  const addEvents = db.prepare<EventPiece>(
    `insert into turn_events (turn_id, first_id, last_id, body)
     select @turnId, @firstId, @lastId, @body where exists (select 1 from turns where id = @turnId)`,
  )
  const nextEvents = db.prepare<[string, number], { firstId: number; lastId: number; body: string }>(
    `select first_id as firstId, last_id as lastId, body from turn_events
     where turn_id = ? and last_id > ? order by first_id limit 1`,
  )
  const lastEvent = db.prepare<[string], { id: number | null }>(
    `select max(last_id) as id from turn_events where turn_id = ?`,
  )
  const forgetEvents = db.prepare<[string]>(`delete from turn_events where turn_id < ?`)
  const askCancel = db.prepare<[string]>(
    `update turns set cancel_requested = 1 where id = ? and state = 'running'`,
  )
  const cancelled = db.prepare<[string], { id: string }>(
    `select id from turns where owner = ? and state = 'running' and cancel_requested = 1`,
  )

  return {
    /**
     * Writes the user's message, the empty answer, the turn, its reservations and the idempotency claim,
     * or none of them. It is not on the disk yet.
     * @returns the ids of all versions that stand where the first of the new messages stands, itself among them.
     * @throws Problem `turn_in_progress`; `not_found` when the conversation, or the message to go on from, went
     * since they were looked up.
     */
    claim: unsynced(
      db,
      whole(db, (claim: TurnClaim): string[] => {
        const { conversationId } = claim
        const { parentId } = claim.userMessage ?? claim.modelMessage
        const found = place.get({ conversationId, parentId })
        if (!found) throw new Problem('not_found', 'This conversation does not exist, or it is not yours.')
        if (found.isBusy) throw turnInProgress()
        if (!found.hasParent) {
          throw new Problem('not_found', 'The message to go on from does not exist in this conversation.')
        }
        if (claim.userMessage) messages.insert(claim.userMessage)
        if (claim.attachmentIds.length > 0) images.attach(claim.userMessageId, claim.attachmentIds)
        messages.insert(claim.modelMessage)
        insert.run(
          claim.id,
          claim.conversationId,
          claim.userId,
          claim.userMessageId,
          claim.modelMessage.id,
          claim.kind,
          claim.request,
          owner,
          claim.now,
        )
        for (const generation of claim.generations) generations.reserve(generation)
        if (claim.idempotency) idempotency.claimTurn(claim.userId, claim.idempotency, claim.id, claim.now)
        const added = claim.userMessage ? 2 : 1
        conversations.showEnd(claim.conversationId, claim.modelMessage.id, added, claim.now)
        return messages.siblingIds(claim.userMessage ?? claim.modelMessage)
      }),
    ),

    /** Records a picture and what it cost while the turn goes on with others. */
    recordImages: whole(
      db,
      (newImages: readonly NewImage[], generationId: string, settlement: Settlement): void => {
        for (const image of newImages) images.insert(image)
        generations.settle(generationId, settlement)
      },
    ),

    /**
     * Part of a transaction: ends a turn with everything that belongs to its end. One that had ended stays as it
     * is, and one that was removed with its conversation is gone: false.
     */
    finish(end: TurnEnd): boolean {
      const error = end.message.error === null ? null : JSON.stringify(end.message.error)
      if (finish.run(end.state, error, end.now, end.turnId).changes === 0) return false
      for (const image of end.images) images.insert(image)
      for (const { generationId, settlement } of end.settlements) generations.settle(generationId, settlement)
      return messages.finish(end.messageId, end.message)
    },

    /** Gives up a turn whose end cannot be recorded: it is taken up like a dead process's. */
    leave(id: string): void {
      leave.run(nobody, id)
    },

    /** Saves many running turns at once: one commit, however many there are. */
    saveProgress: unsynced(
      db,
      whole(db, (all: readonly TurnProgress[]): void => {
        for (const { turnId, messageId, text, steps, calls, events } of all) {
          if (text !== undefined) messages.saveProgress(messageId, text)
          for (const { generationId, upstreamId } of calls) generations.nameUpstream(generationId, upstreamId)
          if (steps) progress.run(steps.stage, steps.percent, steps.label, turnId)
          if (events) addEvents.run(events)
        }
      }),
    ),

    find(userId: string, id: string): TurnRow | undefined {
      const row = byId.get(id, userId)
      return row && fromStored(row)
    },
    ofModelMessage(conversationId: string, messageId: string): TurnRow | undefined {
      const row = byMessage.get({ conversationId, messageId })
      return row && fromStored(row)
    },
    /**
     * Whoever changes what a turn goes on from asks in the transaction of the change, so that none can begin in
     * between: here, or in another process.
     * @throws Problem `turn_in_progress`
     */
    mustBeIdle(conversationId: string): void {
      if (busy.get(conversationId)) throw turnInProgress()
    },
    /** The processes that run turns, or did when they died. */
    runningOwners: () => runningOwners.all().map((row) => row.owner),
    runningOf: (ownerId: string) => runningOf.all(ownerId).map(fromStored),

    /** The piece of a turn's stream that holds what comes after an id. */
    nextEvents: (turnId: string, afterId: number) => nextEvents.get(turnId, afterId),
    lastEventId: (turnId: string) => lastEvent.get(turnId)?.id ?? 0,
    /** Forgets the streams of turns that began before a time, milliseconds since 1970. */
    forgetEventsBefore: (time: number) => forgetEvents.run(firstIdOf(time)).changes,

    /** Asks the process that runs the turn to stop it. */
    askCancel: (id: string) => askCancel.run(id).changes > 0,
    /** This process's turns that somebody asked to stop. */
    cancelAsked: () => cancelled.all(owner).map((row) => row.id),
  }
}
