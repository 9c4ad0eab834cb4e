import type { Request } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import { planMessage } from '../../commands/index.ts'
import { Id } from '../../contract/basics.ts'
import type { Language } from '../../contract/language.ts'
import { Message } from '../../contract/messages.ts'
import { SendMessageRequest, TurnStatus } from '../../contract/turns.ts'
import { Problem } from '../../errors.ts'
import type { ConversationRow } from '../../store/conversations.ts'
import type { TurnRow } from '../../store/turns.ts'
import { wordsIn } from '../../texts/words.ts'
import type { LiveTurn } from '../../turns/live-turn.ts'
import type { Runner } from '../../turns/runner.ts'
import { startTurn, withSettings } from '../../turns/start-turn.ts'
import type { TurnAsk, TurnParts } from '../../turns/turn.ts'
import { turnAnswers, wantsJson } from '../answer-turn.ts'
import type { Identity } from '../identify.ts'
import { languageOf } from '../request-language.ts'
import { answered, Reply, route, type Route } from '../route.ts'
import { spendingProblems } from '../spending-problems.ts'
import { endWithStreamHeaders } from '../sse.ts'
import { ownConversation } from './conversations.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'

interface Parts extends TurnParts {
  runner: Runner
  identity: Identity
  log: Logger
}

const TurnParams = z.object({ turn_id: Id })

/** Sending messages, and following, cancelling and repeating turns. */
export function turnRoutes(parts: Parts): Route[] {
  const { store, runner } = parts
  const { ownTurn, assertStreamLeft, answerTurn, streamTurn, statusOfTurn } = turnAnswers(parts)

  return [
    route({
      method: 'post',
      path: '/send_message/:conv_id',
      access: 'user',
      summary:
        'Send a message. Answers with a stream of events, or with the finished message for Accept: application/json.',
      params: z.object({ conv_id: Id }),
      body: SendMessageRequest,
      answers: { 200: Message },
      media: ['text/event-stream'],
      problems: ['turn_in_progress', 'too_many_active', ...spendingProblems],
      handle: async ({ user, params, body, requestId, req, res }) => {
        const conversation = ownConversation(store, user.id, params.conv_id)
        if (!wantsJson(req)) assertStreamLeft(user.id)
        const key = readIdempotencyKey(req, { route: 'send_message', conversation: conversation.id, body })
        const known = key && knownTurn(user.id, key)
        if (known) return answerTurn(req, res, known)
        const language = languageOf(req)
        const plan = planMessage({
          text: body.messageText,
          checkboxes: body.checkboxes,
          imageOptions: body.image_options,
          hasAttachments: body.attachments.length > 0,
          words: wordsIn(language),
        })
        if (plan.kind === 'retry')
          return answerTurn(
            req,
            res,
            retry(conversation, lastTurn(conversation, language), key, { language, requestId }),
          )
        for (const id of [...body.attachments, ...body.image_context.pin, ...body.image_context.drop]) {
          mustOwnImage(user.id, id)
        }
        if (plan.kind === 'image') {
          if (plan.edit !== undefined) mustOwnImage(user.id, plan.edit)
          const isTyped = plan.model !== body.image_options?.model
          parts.catalogue.imageModel(plan.model, isTyped ? 'messageText' : 'image_options.model')
          await parts.pictures.assertSpace()
          // The same request may have come once more while the disk was asked.
          const meanwhile = key && knownTurn(user.id, key)
          if (meanwhile) return answerTurn(req, res, meanwhile)
        }
        const parentId = body.parent_id === undefined ? conversation.activeMessageId : body.parent_id
        if (body.parent_id && !store.messages.find(conversation.id, body.parent_id)) {
          throw new Problem('not_found', 'The message to go on from does not exist in this conversation.')
        }
        const live = startTurn(parts, runner, {
          requestId,
          userId: user.id,
          conversation,
          ask: {
            plan: withSettings(plan, conversation),
            chatModel: body.model,
            attachments: [...new Set(body.attachments)],
            pin: body.image_context.pin,
            drop: body.image_context.drop,
            language,
          },
          userMessage: { text: storedText(body.messageText), parentId },
          idempotency: key,
        })
        return answerTurn(req, res, live)
      },
    }),
    route({
      method: 'get',
      path: '/api/turns/:turn_id',
      access: 'user',
      summary: 'Where a turn stands, for polling.',
      params: TurnParams,
      answers: { 200: TurnStatus },
      handle: ({ user, params }) => statusOfTurn(ownTurn(user.id, params.turn_id)),
    }),
    route({
      method: 'get',
      path: '/api/turns/:turn_id/events',
      access: 'user',
      summary: "The turn's events after Last-Event-ID, then live ones.",
      params: TurnParams,
      query: z.object({ last_event_id: z.coerce.number().int().min(0).optional() }),
      answers: { 200: undefined },
      media: ['text/event-stream'],
      problems: ['too_many_active'],
      handle: ({ user, params, query, req, res }) => {
        const row = ownTurn(user.id, params.turn_id)
        if (req.method === 'HEAD') {
          endWithStreamHeaders(res)
          return answered
        }
        assertStreamLeft(user.id)
        return streamTurn(req, res, row, lastEventId(req) ?? query.last_event_id ?? 0)
      },
    }),
    route({
      method: 'post',
      path: '/api/turns/:turn_id/cancel',
      access: 'user',
      summary: 'Stop a turn, also at the provider. What was received stays.',
      params: TurnParams,
      answers: { 202: TurnStatus },
      handle: ({ user, params }) => {
        const row = ownTurn(user.id, params.turn_id)
        if (row.state === 'running') runner.cancel(row.id)
        return new Reply(202, statusOfTurn(ownTurn(user.id, row.id)))
      },
    }),
    route({
      method: 'post',
      path: '/api/turns/:turn_id/retry',
      access: 'user',
      summary: 'Answer the same message once more; the earlier answer is kept beside the new one.',
      params: TurnParams,
      answers: { 200: Message },
      media: ['text/event-stream'],
      problems: ['turn_in_progress', 'too_many_active', ...spendingProblems],
      handle: ({ user, params, requestId, req, res }) => {
        const row = ownTurn(user.id, params.turn_id)
        if (!wantsJson(req)) assertStreamLeft(user.id)
        const key = readIdempotencyKey(req, { route: 'retry', turn: row.id })
        const known = key && knownTurn(user.id, key)
        if (known) return answerTurn(req, res, known)
        const conversation = ownConversation(store, user.id, row.conversationId)
        const asked = { language: languageOf(req), requestId }
        return answerTurn(req, res, retry(conversation, row, key, asked))
      },
    }),
  ]

  function mustOwnImage(userId: string, id: string): void {
    if (!store.images.byId(userId, id)) {
      throw new Problem('not_found', 'A picture that this message names does not exist, or it is not yours.')
    }
  }

  /** The turn that this key already started. @throws Problem `idempotency_mismatch` */
  function knownTurn(userId: string, key: { key: string; bodyHash: string }): TurnRow | undefined {
    const known = store.idempotency.find(userId, key.key)
    if (!known) return undefined
    if (known.bodyHash !== key.bodyHash || known.turnId === null) {
      throw new Problem(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another request. Use a new one.',
      )
    }
    const row = store.turns.find(userId, known.turnId)
    if (row) return row
    // It went with its message. What was paid for once is not asked for again.
    throw new Problem('not_found', 'What this Idempotency-Key asked for was deleted. Use a new one.')
  }

  /** The last turn of the shown branch that can be done again. */
  function lastTurn(conversation: ConversationRow, language: Language): TurnRow {
    const path = conversation.activeMessageId
      ? store.messages.pathFrom(conversation.id, conversation.activeMessageId, 200)
      : []
    const answer = path.find(
      (message) => message.sender === 'model' && (message.kind === 'chat' || message.kind === 'image'),
    )
    const row = answer && store.turns.ofModelMessage(conversation.id, answer.id)
    if (!row) throw new Problem('invalid_request', wordsIn(language).refusals.nothingToRetry)
    return row
  }

  function retry(
    conversation: ConversationRow,
    row: TurnRow,
    key: { key: string; bodyHash: string } | undefined,
    { language, requestId }: { language: Language; requestId: string },
  ): LiveTurn {
    if (row.state === 'running') {
      throw new Problem('turn_in_progress', 'This answer is still being written. Wait for it, or cancel it.')
    }
    if (!store.messages.find(conversation.id, row.userMessageId)) {
      throw new Problem('not_found', 'The message that was answered does not exist any more.')
    }
    // Written by this server from a TurnAsk, and by nobody else.
    const ask = JSON.parse(row.request) as TurnAsk
    return startTurn(parts, runner, {
      requestId,
      userId: row.userId,
      conversation,
      ask: { ...ask, language },
      userMessage: { id: row.userMessageId },
      idempotency: key,
    })
  }
}

function lastEventId(req: Request): number | undefined {
  const header = req.headers['last-event-id']
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

/** What the conversation shows of a message: the text as it was typed, less the slash that escaped a slash. */
function storedText(text: string): string {
  return text.trim().replace(/^\/\/(?=[a-z])/i, '/')
}
