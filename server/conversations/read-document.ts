import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { sayIssue } from '../contract/say-issue.ts'
import { Problem, type FieldDetail } from '../errors.ts'
import {
  documentName,
  FileEnvelope,
  fileFormat,
  FileMessage,
  fileVersion,
  mostMessages,
  mostPictures,
  type FileAttachment,
  type FileImage,
} from './conversation-file.ts'
import { jsonScale } from './json-weight.ts'
import type { Archive } from './read-archive.ts'

/** A checked document: its parts fit together. */
export interface ConversationDocument extends Omit<FileEnvelope, 'messages' | 'missing'> {
  /** Parents before their children. */
  messages: FileMessage[]
  /** By id; each parent is among them, and nothing is its own ancestor. */
  images: Map<string, FileImage>
  /** The user's own pictures, by id: attachments that are not among the images. */
  uploads: Map<string, FileAttachment>
}

/** So many messages are checked before others get their turn. */
const checkedAtOnce = 200

/**
 * Reads `conversation.json` of an archive and checks all of it, also that each picture's file is there.
 * @throws Problem `invalid_request` naming what is wrong and where; `payload_too_large`
 */
export async function readDocument(archive: Archive): Promise<ConversationDocument> {
  const envelope = readEnvelope(await readJson(archive))
  if (envelope.messages.length > mostMessages) {
    throw new Problem(
      'payload_too_large',
      `The conversation has ${envelope.messages.length} messages; ${mostMessages} are the most that can be imported.`,
    )
  }
  const { messages: unchecked, missing: _, ...rest } = envelope
  const document: ConversationDocument = { ...rest, messages: [], images: new Map(), uploads: new Map() }
  const known = new Set<string>()
  for (const [index, value] of unchecked.entries()) {
    const message = check(FileMessage, value, `messages.${index}`)
    const at = `messages.${index}`
    if (known.has(message.id)) throw wrong(`${at}.id`, 'is the id of an earlier message')
    // A message that stands behind its parent cannot be among that one's ancestors either.
    if (message.parent_id !== null && !known.has(message.parent_id)) {
      throw wrong(`${at}.parent_id`, 'names no message that stands before this one')
    }
    known.add(message.id)
    document.messages.push(message)
    takePictures(document, message, at)
    if ((index + 1) % checkedAtOnce === 0) await setImmediate()
  }
  if (document.active_message_id !== null && !known.has(document.active_message_id)) {
    throw wrong('active_message_id', 'names no message of this file')
  }
  checkPictures(document, archive)
  return document
}

async function readJson(archive: Archive): Promise<unknown> {
  if (!archive.has(documentName)) {
    throw new Problem(
      'invalid_request',
      `The ZIP holds no ${documentName}. Import what was exported as JSON; the Markdown export is for reading.`,
      { details: [{ field: documentName, message: 'is missing' }] },
    )
  }
  const pieces: Uint8Array[] = []
  const weigh = jsonScale()
  for await (const piece of archive.read(documentName)) {
    weigh(piece)
    pieces.push(piece)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)))
  } catch (cause) {
    throw new Problem('invalid_request', `${documentName} is not valid JSON.`, {
      cause,
      details: [{ field: documentName, message: 'not JSON' }],
    })
  }
}

const Marked = z.object({ format: z.literal(fileFormat), version: z.unknown() })

function readEnvelope(value: unknown): FileEnvelope {
  const marked = Marked.safeParse(value)
  if (!marked.success) {
    throw new Problem('invalid_request', `${documentName} is no conversation that Easel exported.`, {
      details: [{ field: 'format', message: `is not ${fileFormat}` }],
    })
  }
  if (marked.data.version !== fileVersion) {
    const { version } = marked.data
    const named = typeof version === 'number' ? `version ${version} of the format` : 'no known version'
    throw new Problem(
      'invalid_request',
      `${documentName} is of ${named}; this Easel reads version ${fileVersion}.`,
      { details: [{ field: 'version', message: `is not ${fileVersion}` }] },
    )
  }
  return check(FileEnvelope, value, '')
}

function takePictures(document: ConversationDocument, message: FileMessage, at: string): void {
  for (const [index, image] of message.generated_images.entries()) {
    if (document.images.has(image.id)) {
      throw wrong(`${at}.generated_images.${index}.id`, 'is the id of an earlier picture')
    }
    document.images.set(image.id, image)
  }
}

/** Attachments may be pictures of this conversation, so they are looked at once those are all known. */
function checkPictures(document: ConversationDocument, archive: Archive): void {
  const numbers = new Set<number>()
  for (const image of document.images.values()) {
    mustBeThere(archive, image.file)
    if (image.number === null) continue
    if (numbers.has(image.number)) throw wrong('number', `${image.number} is the number of two pictures`)
    numbers.add(image.number)
  }
  for (const [index, message] of document.messages.entries()) {
    for (const [place, attachment] of message.attachments.entries()) {
      const other = document.images.get(attachment.id) ?? document.uploads.get(attachment.id)
      if (!other) {
        mustBeThere(archive, attachment.file)
        document.uploads.set(attachment.id, attachment)
      } else if (other.file !== attachment.file) {
        throw wrong(
          `messages.${index}.attachments.${place}.file`,
          'is not the file of the picture with this id',
        )
      }
    }
  }
  checkParents(document)
  const count = document.images.size + document.uploads.size
  if (count > mostPictures) {
    throw new Problem(
      'payload_too_large',
      `The conversation has ${count} pictures; ${mostPictures} are the most that can be imported.`,
    )
  }
}

function mustBeThere(archive: Archive, file: string): void {
  if (archive.has(file)) return
  throw new Problem('invalid_request', `The ZIP lacks the picture ${file}. Nothing was imported.`, {
    details: [{ field: file, message: 'is missing' }],
  })
}

/** Follows each picture up to one whose line is known to end; so each is visited once. */
function checkParents({ images, uploads }: Pick<ConversationDocument, 'images' | 'uploads'>): void {
  const ends = new Set<string>()
  for (const start of images.keys()) {
    const line = new Set<string>()
    let id: string | null = start
    while (id !== null && !ends.has(id)) {
      if (line.has(id)) throw wrong('parent_id', 'a picture was made from itself')
      line.add(id)
      const image = images.get(id)
      if (!image && !uploads.has(id)) throw wrong('parent_id', `no picture of this file has the id ${id}`)
      id = image?.parent_id ?? null
    }
    for (const seen of line) ends.add(seen)
  }
}

function check<Output>(schema: z.ZodType<Output>, value: unknown, at: string): Output {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrongFields(parsed.error.issues.slice(0, 20).map((issue) => describe(issue, at)))
}

function describe(issue: z.core.$ZodIssue, at: string): FieldDetail {
  const unknown =
    issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 5).map((key) => key.slice(0, 100)) : []
  const field = [at, ...issue.path.map(String), unknown.join(', ')].filter((part) => part !== '').join('.')
  return { field, message: sayIssue(issue) }
}

function wrong(field: string, message: string): Problem {
  return wrongFields([{ field, message }])
}

function wrongFields(details: FieldDetail[]): Problem {
  const first = details[0]
  return new Problem('invalid_request', `${documentName}: ${first?.field ?? ''}: ${first?.message ?? ''}.`, {
    details,
  })
}
