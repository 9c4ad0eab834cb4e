import { z } from 'zod'
import { Id, listOf } from '../../contract/basics.ts'
import {
  Conversation,
  ConversationCreate,
  ConversationPatch,
  ConversationsQuery,
  ForkRequest,
} from '../../contract/conversations.ts'
import { InsertImageRequest } from '../../contract/images.ts'
import { Message, MessagePage, MessagePatch, MessagesQuery } from '../../contract/messages.ts'
import { branchPage, type BranchPlace } from '../../conversations/branch-page.ts'
import { findConversations } from '../../conversations/find-conversations.ts'
import { presentConversation } from '../../conversations/present-conversation.ts'
import { removeInPieces } from '../../conversations/write-in-pieces.ts'
import { Problem } from '../../errors.ts'
import type { Catalogue } from '../../providers/catalogue.ts'
import type { Clock } from '../../clock.ts'
import type { NewId } from '../../ids.ts'
import type { Store } from '../../store/store.ts'
import type { ConversationRow } from '../../store/conversations.ts'
import type { MessageRow } from '../../store/messages.ts'
import type { Chores } from '../../turns/chores.ts'
import { presentMessage, presentRows } from '../../turns/present-message.ts'
import { wordsIn } from '../../texts/words.ts'
import { languageOf } from '../request-language.ts'
import { Reply, route, type Route } from '../route.ts'

export interface ConversationParts {
  store: Store
  catalogue: Catalogue
  chores: Pick<Chores, 'indexSoon'>
  clock: Clock
  newId: NewId
  /** Removes files by their paths in the storage folder, and a conversation's own folder. */
  files: { removeConversation(id: string): Promise<void>; remove(paths: readonly string[]): Promise<void> }
  /** Puts a copy of a picture at the end of a conversation; answers the new message's id. */
  insertPicture(userId: string, conversationId: string, imageId: string): Promise<string>
  /** Copies a branch into a new conversation, pictures included. */
  fork(userId: string, conversation: ConversationRow, messageId: string): Promise<string>
}

const ConversationParams = z.object({ conv_id: Id })
const MessageParams = z.object({ conv_id: Id, message_id: Id })

/** Loads a conversation for its owner; everybody else's looks like one that does not exist. */
export function ownConversation(store: Store, userId: string, id: string): ConversationRow {
  const conversation = store.conversations.find(userId, id)
  if (!conversation) throw new Problem('not_found', 'This conversation does not exist, or it is not yours.')
  return conversation
}

/** Conversations and their messages. */
export function conversationRoutes(parts: ConversationParts): Route[] {
  const { store, catalogue, clock, newId, files } = parts

  return [
    route({
      method: 'get',
      path: '/api/conversations',
      access: 'user',
      summary: 'The own conversations, newest activity first; `q` searches titles and message text.',
      query: ConversationsQuery,
      answers: { 200: listOf(Conversation) },
      handle({ user, query }) {
        if (query.q)
          return { items: findConversations(store, user.id, query.q, query.limit), next_cursor: null }
        const page = store.conversations.list(user.id, query)
        return { items: page.items.map(presentConversation), next_cursor: page.nextCursor }
      },
    }),
    route({
      method: 'post',
      path: '/api/conversations',
      access: 'user',
      summary: 'Begin a conversation.',
      body: ConversationCreate,
      answers: { 201: Conversation },
      handle({ user, body, req }) {
        const row = store.conversations.create({
          id: newId(),
          userId: user.id,
          title: body.title,
          untitled: wordsIn(languageOf(req)).untitled,
          now: clock.now(),
        })
        return new Reply(201, presentConversation(row))
      },
    }),
    route({
      method: 'get',
      path: '/api/conversations/:conv_id',
      access: 'user',
      summary: 'One conversation.',
      params: ConversationParams,
      answers: { 200: Conversation },
      handle: ({ user, params }) => presentConversation(ownConversation(store, user.id, params.conv_id)),
    }),
    route({
      method: 'patch',
      path: '/api/conversations/:conv_id',
      access: 'user',
      summary: 'Change title, memory pad, models, settings, pin, archive, or which branch is shown.',
      params: ConversationParams,
      body: ConversationPatch,
      answers: { 200: Conversation },
      problems: ['turn_in_progress'],
      handle({ user, params, body }) {
        const patch = { ...body }
        if (body.chat_model) patch.chat_model = catalogue.chatModel(body.chat_model, 'chat_model').id
        if (body.settings?.image_model) {
          patch.settings = {
            ...body.settings,
            image_model: catalogue.imageModel(body.settings.image_model, 'settings.image_model').id,
          }
        }
        return store.together(() => {
          const conversation = ownConversation(store, user.id, params.conv_id)
          if (body.active_message_id !== undefined) {
            store.turns.mustBeIdle(conversation.id)
            const { id } = ownMessage(conversation.id, body.active_message_id)
            patch.active_message_id = store.messages.leafBelow(conversation.id, id)
          }
          store.conversations.patch(conversation.id, patch, conversation.settings)
          return presentConversation(ownConversation(store, user.id, conversation.id))
        })
      },
    }),
    route({
      method: 'delete',
      path: '/api/conversations/:conv_id',
      access: 'user',
      summary: 'Remove a conversation with its messages and image files.',
      params: ConversationParams,
      answers: { 204: undefined },
      problems: ['turn_in_progress'],
      async handle({ user, params }) {
        const { id } = store.together(() => {
          const conversation = ownConversation(store, user.id, params.conv_id)
          store.turns.mustBeIdle(conversation.id)
          store.copies.hide(conversation.id)
          return conversation
        })
        await removeInPieces(store, id)
        await files.removeConversation(id)
        return new Reply(204)
      },
    }),
    route({
      method: 'get',
      path: '/api/conversations/:conv_id/messages',
      access: 'user',
      summary:
        'The shown branch, newest page first, oldest first within the page; `around` a message or `after` a cursor where told.',
      params: ConversationParams,
      query: MessagesQuery,
      answers: { 200: MessagePage },
      handle({ user, params, query }) {
        const conversation = ownConversation(store, user.id, params.conv_id)
        const { around, after, limit } = query
        const before = query.before ?? query.cursor
        if (around !== undefined) {
          return presentPage(conversation, { around: ownMessage(conversation.id, around).id, limit })
        }
        if (after !== undefined) {
          return presentPage(conversation, { after: atCursor('after', conversation.id, after).id, limit })
        }
        if (before === undefined) return presentPage(conversation, { limit })
        return presentPage(conversation, { end: atCursor('before', conversation.id, before).parentId, limit })
      },
    }),
    route({
      method: 'patch',
      path: '/api/conversations/:conv_id/messages/:message_id',
      access: 'user',
      summary: 'Correct the text of a message in place.',
      params: MessageParams,
      body: MessagePatch,
      answers: { 200: Message },
      problems: ['turn_in_progress'],
      handle({ user, params, body }) {
        const message = store.together(() => {
          const conversation = ownConversation(store, user.id, params.conv_id)
          const { id } = ownMessage(conversation.id, params.message_id)
          store.turns.mustBeIdle(conversation.id)
          store.messages.correct(id, body.text)
          return presentMessage(store, conversation.id, id)
        })
        parts.chores.indexSoon()
        return message
      },
    }),
    route({
      method: 'delete',
      path: '/api/conversations/:conv_id/messages/:message_id',
      access: 'user',
      summary: 'Drop a message with all that follows it, pictures included.',
      params: MessageParams,
      answers: { 204: undefined },
      problems: ['turn_in_progress'],
      async handle({ user, params }) {
        const orphans = store.together(() => {
          const conversation = ownConversation(store, user.id, params.conv_id)
          const message = ownMessage(conversation.id, params.message_id)
          store.turns.mustBeIdle(conversation.id)
          const gone = store.messages.removeWithFollowers(
            conversation.id,
            message.id,
            conversation.activeMessageId,
          )
          store.messageTurns.removeOf(gone)
          return store.messageImages.removeOf(gone.map(({ id }) => id))
        })
        await files.remove(orphans)
        return new Reply(204)
      },
    }),
    route({
      method: 'post',
      path: '/api/conversations/:conv_id/images',
      access: 'user',
      summary: 'Put one of the own pictures at the end of a conversation, in a message of its own.',
      params: ConversationParams,
      body: InsertImageRequest,
      answers: { 201: Message },
      problems: ['turn_in_progress', 'storage_full'],
      async handle({ user, params, body }) {
        const conversation = ownConversation(store, user.id, params.conv_id)
        store.turns.mustBeIdle(conversation.id)
        const id = await parts.insertPicture(user.id, conversation.id, body.image_id)
        return new Reply(201, presentMessage(store, conversation.id, id))
      },
    }),
    route({
      method: 'post',
      path: '/api/conversations/:conv_id/fork',
      access: 'user',
      summary: 'Copy the branch up to a message, pictures included, into a new conversation.',
      params: ConversationParams,
      body: ForkRequest,
      answers: { 201: Conversation },
      problems: ['storage_full'],
      async handle({ user, params, body }) {
        const conversation = ownConversation(store, user.id, params.conv_id)
        const message = ownMessage(conversation.id, body.message_id)
        const id = await parts.fork(user.id, conversation, message.id)
        return new Reply(201, presentConversation(ownConversation(store, user.id, id)))
      },
    }),
  ]

  function ownMessage(conversationId: string, id: string) {
    const message = store.messages.find(conversationId, id)
    if (!message) throw new Problem('not_found', 'This message does not exist in this conversation.')
    return message
  }

  function presentPage(conversation: ConversationRow, place: BranchPlace): MessagePage {
    const { rows, hasOlder, hasNewer } = branchPage(store.messages, conversation, place)
    return {
      items: presentRows(store, rows),
      next_cursor: hasOlder ? (rows[0]?.id ?? null) : null,
      // Only a part that was asked for in the middle can have something after it.
      ...((place.around ?? place.after) ? { newer_cursor: hasNewer ? (rows.at(-1)?.id ?? null) : null } : {}),
    }
  }

  function atCursor(field: 'before' | 'after', conversationId: string, cursor: string): MessageRow {
    const message = Id.safeParse(cursor).success ? store.messages.find(conversationId, cursor) : undefined
    if (!message) {
      const given = field === 'before' ? '`next_cursor` of the page after it' : '`newer_cursor` of a page'
      throw new Problem('invalid_request', `\`${field}\` takes the ${given}.`, {
        details: [{ field, message: 'not a cursor of this list' }],
      })
    }
    return message
  }
}
