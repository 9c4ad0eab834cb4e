import { z } from 'zod'
import { countCharacters, Id, Time } from '../contract/basics.ts'
import { ConversationSettings, memoryPadLimit } from '../contract/conversations.ts'
import { ContextUsed, imageSources } from '../contract/images.ts'
import { messageStates } from '../contract/messages.ts'
import { imagePromptLimit, messageTextLimit } from '../contract/turns.ts'

/** What `format` says in the `conversation.json` of an export, and the version that is written and read. */
export const fileFormat = 'easel-conversation'
export const fileVersion = 1

/** The file of a ZIP that holds a conversation's words. */
export const documentName = 'conversation.json'

/** The most messages that are copied or imported at once: all of them are in memory meanwhile. */
export const mostMessages = 50_000
/** The most pictures of an import, attachments among them. */
export const mostPictures = 10_000

/** Where a picture stands in the ZIP: those that were made under `images/`, the user's own under `attachments/`. */
export const pictureName = /^(?:images|attachments)\/[A-Za-z0-9_-]{1,100}\.(?:png|jpg|jpeg|webp)$/
const PictureFile = z.string().regex(pictureName, 'names no picture below images/ or attachments/')

// What the user writes keeps to the limits of the contract. What models and providers write has none there,
// so these only keep it within reason.
const longText = 2_000_000
const Words = z.string().max(100_000)
const Name = z.string().max(200)

const cost = z.number().min(0).max(1_000_000)
const dimension = z.number().int().min(1).max(100_000)

/** As the file tells them; an import measures the bytes itself and believes none of these. */
const told = {
  width: dimension,
  height: dimension,
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256'),
}

const shows = {
  alt: z.string().max(1000),
  caption: z.string().max(1000),
  description: z.string().max(10_000),
}

const Parameters = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => isShallow(value, 6) && JSON.stringify(value).length <= 20_000, 'is too deep or too long')

export const FileImage = z.strictObject({
  id: Id,
  /** As people call it: "picture 2". */
  number: z.number().int().min(1).max(1_000_000).nullable(),
  file: PictureFile,
  ...told,
  ...shows,
  source: z.enum(imageSources),
  model: Name.nullable(),
  provider: Name.nullable(),
  /** What it was made from, where that is in the same file. */
  parent_id: Id.nullable(),
  starred: z.boolean(),
  cost_usd: cost,
  created_at: Time,
  recipe: z.strictObject({
    raw_prompt: z.string().max(imagePromptLimit),
    refined_prompt: Words.nullable(),
    revised_prompt: Words.nullable(),
    fallback: z.boolean(),
    context: ContextUsed.strict()
      .extend({ message_ids: z.array(Id).max(5000) })
      .nullable(),
    parameters: Parameters,
    duration_ms: z.number().int().min(0).nullable(),
  }),
})
export type FileImage = z.infer<typeof FileImage>

/** A user's own picture on a message, or an earlier picture of the conversation, which then bears its id. */
export const FileAttachment = z.strictObject({
  id: Id,
  file: PictureFile,
  ...told,
  ...shows,
  created_at: Time,
})
export type FileAttachment = z.infer<typeof FileAttachment>

/** A turn that still runs is exported with what is saved of it, and reads `interrupted`. */
const fileStates = messageStates.filter((state) => state !== 'streaming')

export const FileMessage = z
  .strictObject({
    id: Id,
    /** A message that stands before this one in the file; null at a root. */
    parent_id: Id.nullable(),
    sender: z.enum(['user', 'model']),
    kind: z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'is no kind of message'),
    text: z.string().max(longText),
    model: Name.nullable(),
    created_at: Time,
    state: z.enum(fileStates),
    warning: z.string().max(10_000).nullable(),
    error: z
      .strictObject({
        status: z.literal('error'),
        code: z.string().max(100),
        message: z.string().max(10_000),
        reason: z.string().max(100).exactOptional(),
        retry_after: z.number().int().min(0).exactOptional(),
        retryable: z.boolean(),
      })
      .nullable(),
    /** What the path up to and with this message says, where it was summarised here. */
    summary: Words.nullable(),
    cost_usd: cost.nullable(),
    generated_images: z.array(FileImage).max(100),
    attachments: z.array(FileAttachment).max(10),
  })
  .refine((message) => message.sender === 'model' || countCharacters(message.text) <= messageTextLimit, {
    path: ['text'],
    message: `takes at most ${messageTextLimit} characters`,
  })
export type FileMessage = z.infer<typeof FileMessage>

const FileConversation = z.strictObject({
  id: Id,
  title: z.string().min(1).max(200),
  /** Who chose the title; one that nobody chose is still to be found. */
  titled_by: z.enum(['nobody', 'model', 'user']),
  summary: Words,
  memory_pad: z.string().max(memoryPadLimit),
  chat_model: Name.nullable(),
  settings: ConversationSettings,
  pinned: z.boolean(),
  archived: z.boolean(),
  created_at: Time,
  updated_at: Time,
})
export type FileConversation = z.infer<typeof FileConversation>

/**
 * `conversation.json`, all but its messages, which are checked one by one as `FileMessage`s so that others
 * get their turn between them. Messages stand in the order in which they were said.
 */
export const FileEnvelope = z.strictObject({
  format: z.literal(fileFormat),
  version: z.literal(fileVersion),
  exported_at: Time,
  conversation: FileConversation,
  messages: z.array(z.unknown()),
  /** The end of the branch that is shown. */
  active_message_id: Id.nullable(),
  /** Pictures whose files were already gone when this was exported; they are named, and left out above. */
  missing: z.array(z.strictObject({ message_id: Id, filename: Name })).max(100_000),
})
export type FileEnvelope = z.infer<typeof FileEnvelope>

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}
