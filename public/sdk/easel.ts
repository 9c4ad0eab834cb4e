import type {
  ChangePasswordRequest,
  Invite,
  LoginRequest,
  RegisterRequest,
  RegistrationAnswer,
  User,
} from '../../server/contract/accounts.ts'
import type { Page } from '../../server/contract/basics.ts'
import type { Conversation, ConversationPatch } from '../../server/contract/conversations.ts'
import type { GenerateImageAnswer, GenerateImageRequest } from '../../server/contract/generate-image.ts'
import type {
  GeneratedImage,
  ImagePatch,
  ImageRecipe,
  ImageSource,
  Upload,
} from '../../server/contract/images.ts'
import type { CommandDescription, ModelLists } from '../../server/contract/lists.ts'
import type { Message, MessagePage } from '../../server/contract/messages.ts'
import type { SendMessageRequest, TurnEvent, TurnStatus } from '../../server/contract/turns.ts'
import type { Usage, UsageItem, UsagePeriod } from '../../server/contract/usage.ts'
import { EaselError, isAbort, networkError } from './easel-error.ts'
import { followTurn, pause, type Connection } from './follow-turn.ts'
import { problemOf, Transport, type CallOptions, type Fetch, type Say } from './transport.ts'

export interface EaselOptions {
  /** Where the server is; empty means the page's own origin. */
  baseUrl?: string
  fetch?: Fetch
  /** Sends a form and reports its progress; `fetch` cannot, so the page hands in an XMLHttpRequest. */
  sendForm?: SendForm
  /** Waits between tries; may return early when the connection is back. Rejects when aborted. */
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
  /** Says problems in another language than the server's; the message stands unless told. */
  say?: Say
  /** The language that the server is to answer in, such as `de`; asked anew for each call. English unless told. */
  language?: () => string
  newKey?: () => string
  /** Milliseconds of silence after which a stream is taken for dead; the server speaks every 15 s. */
  silence?: number
}

export interface UploadOptions extends CallOptions {
  /** 0 to 1. */
  onProgress?: (done: number) => void
}
export type SendForm = (
  url: string,
  form: FormData,
  options: UploadOptions & { headers: Record<string, string> },
) => Promise<Response>

export interface FollowOptions extends CallOptions {
  onConnection?: (connection: Connection) => void
}

export interface PaidOptions extends CallOptions {
  /** The same key with the same body is paid once; made anew for each call unless given. */
  idempotencyKey?: string
}

export interface ListOptions extends CallOptions {
  limit?: number
  cursor?: string
}

/** What a client writes; fields with defaults may be left out. */
export type SendMessage = Partial<SendMessageRequest> & { messageText: string }
export type GenerateImage = Partial<GenerateImageRequest> & { prompt: string }

export type Easel = ReturnType<typeof createEasel>

const startTries = 5

const conversation = (id: string) => `/api/conversations/${encodeURIComponent(id)}`
const turn = (id: string) => `/api/turns/${encodeURIComponent(id)}`
const image = (id: string) => `/api/images/${encodeURIComponent(id)}`

/**
 * A client of one Easel server. Every method throws an `EaselError` for a refusal or a lost connection and
 * takes an AbortSignal.
 * @example
 * const easel = createEasel({ baseUrl: 'http://127.0.0.1:3000' })
 * for await (const event of easel.sendMessage(id, { messageText: '/image a fox' })) console.log(event.type)
 */
export function createEasel(options: EaselOptions = {}) {
  const send: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const transport = new Transport(options.baseUrl ?? '', send, options.say, options.language)
  const sleep = options.sleep ?? waitFor
  const random = options.random ?? Math.random
  const newKey = options.newKey ?? randomKey
  const silence = options.silence ?? 45_000
  const sendForm: SendForm =
    options.sendForm ??
    ((url, form, { headers, signal }) =>
      send(url, { method: 'POST', body: form, headers, ...(signal ? { signal } : {}) }))

  function follow(start: () => Promise<Response>, follow: FollowOptions): AsyncGenerator<TurnEvent> {
    return followTurn({
      start,
      resume: (turnId, after) => openEvents(turnId, after, follow.signal),
      sleep,
      random,
      startTries,
      silence,
      onConnection: follow.onConnection,
      signal: follow.signal,
    })
  }

  function openEvents(turnId: string, after: number, signal: AbortSignal | undefined): Promise<Response> {
    const headers = { accept: 'text/event-stream', ...(after > 0 ? { 'last-event-id': String(after) } : {}) }
    return transport.response({ method: 'GET', path: `${turn(turnId)}/events`, headers, signal })
  }

  /** A POST that costs money, whose answer is a turn's stream. */
  function paidStream(
    path: string,
    json: unknown,
    more: PaidOptions & FollowOptions,
  ): AsyncGenerator<TurnEvent> {
    const headers = { accept: 'text/event-stream', 'idempotency-key': more.idempotencyKey ?? newKey() }
    return follow(
      () => transport.response({ method: 'POST', path, json, headers, signal: more.signal }),
      more,
    )
  }

  return {
    auth: {
      registration: (call: CallOptions = {}) =>
        transport.json<RegistrationAnswer>({ method: 'GET', path: '/api/auth/registration', ...call }),
      register: (request: RegisterRequest, call: CallOptions = {}) =>
        transport.json<{ user: User }>({
          method: 'POST',
          path: '/api/auth/register',
          json: request,
          ...call,
        }),
      login: (request: LoginRequest, call: CallOptions = {}) =>
        transport.json<{ user: User }>({ method: 'POST', path: '/api/auth/login', json: request, ...call }),
      logout: (call: CallOptions = {}) =>
        transport.json<void>({ method: 'POST', path: '/api/auth/logout', json: {}, ...call }),
      me: (call: CallOptions = {}) =>
        transport.json<{ user: User }>({ method: 'GET', path: '/api/auth/me', ...call }),
      changePassword: (request: ChangePasswordRequest, call: CallOptions = {}) =>
        transport.json<void>({ method: 'POST', path: '/api/auth/password', json: request, ...call }),
      invite: (call: CallOptions = {}) =>
        transport.json<Invite>({ method: 'POST', path: '/api/invites', json: {}, ...call }),
    },

    conversations: {
      list: ({ signal, ...query }: ListOptions & { q?: string; archived?: boolean; pinned?: boolean } = {}) =>
        transport.json<Page<Conversation>>({ method: 'GET', path: '/api/conversations', query, signal }),
      create: (request: { title?: string } = {}, call: CallOptions = {}) =>
        transport.json<Conversation>({ method: 'POST', path: '/api/conversations', json: request, ...call }),
      get: (id: string, call: CallOptions = {}) =>
        transport.json<Conversation>({ method: 'GET', path: conversation(id), ...call }),
      patch: (id: string, patch: ConversationPatch, call: CallOptions = {}) =>
        transport.json<Conversation>({ method: 'PATCH', path: conversation(id), json: patch, ...call }),
      delete: (id: string, call: CallOptions = {}) =>
        transport.json<void>({ method: 'DELETE', path: conversation(id), ...call }),
      /**
       * The shown branch; newest page first, oldest first within the page. `before` takes `next_cursor`, `after`
       * takes `newer_cursor`, and `around` the id of a message.
       */
      messages: (
        id: string,
        {
          signal,
          ...query
        }: CallOptions & { before?: string; after?: string; around?: string; limit?: number } = {},
      ) =>
        transport.json<MessagePage>({ method: 'GET', path: `${conversation(id)}/messages`, query, signal }),
      /** Puts one of the own pictures at its end. */
      addImage: (id: string, imageId: string, call: CallOptions = {}) =>
        transport.json<Message>({
          method: 'POST',
          path: `${conversation(id)}/images`,
          json: { image_id: imageId },
          ...call,
        }),
      fork: (id: string, messageId: string, call: CallOptions = {}) =>
        transport.json<Conversation>({
          method: 'POST',
          path: `${conversation(id)}/fork`,
          json: { message_id: messageId },
          ...call,
        }),
      /** A ZIP with the text and the image files. */
      export: async (id: string, format: 'json' | 'markdown' = 'json', call: CallOptions = {}) => {
        const path = `${conversation(id)}/export`
        const response = await transport.response({ method: 'GET', path, query: { format }, ...call })
        return response.blob()
      },
      /** Where a browser downloads the ZIP by itself. */
      exportUrl: (id: string, format: 'json' | 'markdown') =>
        transport.url(`${conversation(id)}/export`, { format }),
      /** Takes back what `export` in JSON gave. */
      import: async (zip: Blob, upload: UploadOptions = {}) => {
        const form = new FormData()
        form.set('file', zip, 'conversation.zip')
        return submit<Conversation>('/api/conversations/import', form, upload)
      },
    },

    messages: {
      /** Corrects a message in place. */
      patch: (conversationId: string, id: string, patch: { text: string }, call: CallOptions = {}) =>
        transport.json<Message>({
          method: 'PATCH',
          path: `${conversation(conversationId)}/messages/${encodeURIComponent(id)}`,
          json: patch,
          ...call,
        }),
      /** Drops a message with all that follows it. */
      delete: (conversationId: string, id: string, call: CallOptions = {}) =>
        transport.json<void>({
          method: 'DELETE',
          path: `${conversation(conversationId)}/messages/${encodeURIComponent(id)}`,
          ...call,
        }),
    },

    /** Sends a message and follows its turn to `done`, through cut connections. */
    sendMessage: (conversationId: string, message: SendMessage, more: PaidOptions & FollowOptions = {}) =>
      paidStream(`/send_message/${encodeURIComponent(conversationId)}`, message, more),

    turns: {
      status: (id: string, call: CallOptions = {}) =>
        transport.json<TurnStatus>({ method: 'GET', path: turn(id), ...call }),
      /** Follows a turn from its first event. */
      events: (id: string, more: FollowOptions = {}) => follow(() => openEvents(id, 0, more.signal), more),
      cancel: (id: string, call: CallOptions = {}) =>
        transport.json<unknown>({ method: 'POST', path: `${turn(id)}/cancel`, json: {}, ...call }),
      /** A new turn from the same user message. */
      retry: (id: string, more: PaidOptions & FollowOptions = {}) =>
        paidStream(`${turn(id)}/retry`, {}, more),
    },

    upload: (file: Blob, upload: UploadOptions & { name?: string } = {}) => {
      const form = new FormData()
      form.set('file', file, upload.name ?? 'picture')
      return submit<Upload>('/api/uploads', form, upload)
    },

    images: {
      list: ({
        signal,
        ...query
      }: ListOptions & {
        conversation_id?: string
        q?: string
        source?: ImageSource
        starred?: boolean
        model?: string
        /** ISO 8601: made at this time or later, and before the other. */
        since?: string
        until?: string
      } = {}) => transport.json<Page<GeneratedImage>>({ method: 'GET', path: '/api/images', query, signal }),
      get: (id: string, call: CallOptions = {}) =>
        transport.json<ImageRecipe>({ method: 'GET', path: image(id), ...call }),
      patch: (id: string, patch: ImagePatch, call: CallOptions = {}) =>
        transport.json<GeneratedImage>({ method: 'PATCH', path: image(id), json: patch, ...call }),
      delete: (id: string, call: CallOptions = {}) =>
        transport.json<void>({ method: 'DELETE', path: image(id), ...call }),
      /** Where a picture that stands in no conversation can be opened. */
      fileUrl: (id: string) => transport.url(`${image(id)}/file`),
      /** A ZIP of several pictures. */
      export: async (ids: string[], call: CallOptions = {}) => {
        const path = '/api/images/export'
        const response = await transport.response({ method: 'POST', path, json: { ids }, ...call })
        return response.blob()
      },
    },

    /** Paints without keeping anything: the dialog. A lost answer is fetched again under the same key. */
    generateImage: async (request: GenerateImage, more: PaidOptions = {}): Promise<GenerateImageAnswer> => {
      const headers = { 'idempotency-key': more.idempotencyKey ?? newKey() }
      for (let failures = 1; ; failures += 1) {
        try {
          return await transport.json<GenerateImageAnswer>({
            method: 'POST',
            path: '/api/generate-image',
            json: request,
            headers,
            signal: more.signal,
          })
        } catch (thrown) {
          const lost = thrown instanceof EaselError && thrown.code === 'network'
          if (!lost || failures >= startTries) throw thrown
          await sleep(pause(failures, random()), more.signal)
        }
      }
    },

    /** What was used and spent, and what is allowed. */
    usage: (call: CallOptions = {}) => transport.json<Usage>({ method: 'GET', path: '/api/usage', ...call }),
    /** What past days, weeks or months came to, newest first. */
    usageHistory: ({ signal, ...query }: ListOptions & { by?: UsagePeriod } = {}) =>
      transport.json<Page<UsageItem>>({ method: 'GET', path: '/api/usage/history', query, signal }),

    commands: (call: CallOptions = {}) =>
      transport.json<CommandDescription[]>({ method: 'GET', path: '/api/commands', ...call }),
    models: (call: CallOptions = {}) =>
      transport.json<ModelLists>({ method: 'GET', path: '/api/models', ...call }),
  }

  async function submit<Answer>(path: string, form: FormData, upload: UploadOptions): Promise<Answer> {
    let response: Response
    try {
      response = await sendForm(transport.url(path), form, { ...upload, headers: transport.headers })
    } catch (thrown) {
      if (isAbort(thrown, upload.signal)) throw thrown
      throw transport.told(networkError(thrown))
    }
    if (!response.ok) throw transport.told(await problemOf(response))
    // The server's own schemas made this answer, and the types are inferred from them.
    const answer: Answer = JSON.parse(await response.text())
    return answer
  }
}

/** Resolves after the time, rejects with the signal's reason when it is aborted. */
export function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal))
      return
    }
    const stop = () => {
      clearTimeout(timer)
      if (signal) reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError')
}

/** `crypto.randomUUID` is missing on plain http other than localhost, so a random id is made there by hand. */
export function randomKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
