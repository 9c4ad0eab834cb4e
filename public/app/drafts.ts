import type { Attachment, Upload } from '../../server/contract/images.ts'
import type { SendMessage } from '../sdk/easel.ts'
import type { Expected } from './live-turn.ts'

/** A picture that the server has, waiting to go with a message. */
export interface KeptPicture {
  upload: Upload
  name: string
  /** When it was uploaded, in milliseconds of the epoch. */
  at: number
}

/** A message that waits for a turn to end. */
export interface KeptMessage {
  message: SendMessage
  expected: Expected
  pictures: readonly KeptPicture[]
  idempotencyKey: string
}

/** What stands in the composer of one conversation. */
export interface Draft {
  text: string
  pictures: readonly KeptPicture[]
  queue: readonly KeptMessage[]
}

/** Which pictures the user wants the model to see, and which not. */
export interface KeptSight {
  pinned: readonly Attachment[]
  dropped: readonly Attachment[]
}

type Place = 'draft' | 'pictures' | 'sight'

/** How long the server keeps an upload that no message has, less an hour for what is written meanwhile. */
const uploadsLast = 23 * 60 * 60 * 1000

/**
 * What is being written, kept per user and conversation. Words and pictures are there for every tab; what waits to be
 * sent is this tab's alone, since two would send it twice. Elsewhere, and later, its words and pictures are a draft.
 */
export class Drafts {
  readonly #storage: Storage
  readonly #tab: Storage
  readonly #userId: string
  readonly #now: () => number

  constructor(parts: { storage: Storage; tab: Storage; userId: string; now: () => number }) {
    this.#storage = parts.storage
    this.#tab = parts.tab
    this.#userId = parts.userId
    this.#now = parts.now
  }

  read(conversationId: string | undefined): Draft {
    // Here and below: written by this class alone, under names of its own.
    const waiting = readJson(this.#tab, this.#key('draft', conversationId)) as Draft | undefined
    const { text, pictures, queue } = waiting ?? {
      text: this.#storage.getItem(this.#key('draft', conversationId)) ?? '',
      pictures: this.#keptPictures(conversationId) ?? [],
      queue: [],
    }
    return {
      text,
      pictures: this.#present(pictures),
      queue: queue.map((one) => this.#withPresent(one)),
    }
  }

  write(conversationId: string | undefined, draft: Draft) {
    const { text, pictures, queue } = draft
    const words = [...queue.map((one) => one.message.messageText), text].filter(Boolean).join('\n\n')
    const all = [...queue.flatMap((one) => one.pictures), ...pictures]
    set(this.#storage, this.#key('draft', conversationId), words)
    set(this.#storage, this.#key('pictures', conversationId), all.length === 0 ? '' : JSON.stringify(all))
    set(this.#tab, this.#key('draft', conversationId), queue.length === 0 ? '' : JSON.stringify(draft))
  }

  readSight(conversationId: string | undefined): KeptSight {
    const kept = readJson(this.#storage, this.#key('sight', conversationId)) as KeptSight | undefined
    return kept ?? { pinned: [], dropped: [] }
  }

  writeSight(conversationId: string, sight: KeptSight) {
    const isAny = sight.pinned.length + sight.dropped.length > 0
    set(this.#storage, this.#key('sight', conversationId), isAny ? JSON.stringify(sight) : '')
  }

  /** Keeps nothing more of a conversation that is gone. */
  forget(conversationId: string) {
    this.write(conversationId, { text: '', pictures: [], queue: [] })
    this.writeSight(conversationId, { pinned: [], dropped: [] })
  }

  #keptPictures(conversationId: string | undefined) {
    return readJson(this.#storage, this.#key('pictures', conversationId)) as KeptPicture[] | undefined
  }

  #present(pictures: readonly KeptPicture[]): readonly KeptPicture[] {
    return pictures.filter((picture) => this.#now() - picture.at < uploadsLast)
  }

  /** The message without pictures that the server has no longer. */
  #withPresent(one: KeptMessage): KeptMessage {
    const pictures = this.#present(one.pictures)
    if (pictures.length === one.pictures.length) return one
    const attachments = pictures.map((picture) => picture.upload.id)
    return { ...one, pictures, message: { ...one.message, attachments } }
  }

  #key(place: Place, conversationId: string | undefined): string {
    return `easel.${place}.${this.#userId}.${conversationId ?? 'new'}`
  }
}

function set(storage: Storage, key: string, value: string) {
  if (value === '') storage.removeItem(key)
  else storage.setItem(key, value)
}

/** What this page wrote before; undefined where there is none, or somebody else wrote it. */
function readJson(storage: Storage, key: string): unknown {
  const text = storage.getItem(key)
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    storage.removeItem(key)
    return undefined
  }
}
