import { onTestFinished } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import type { ImageRow, NewImage } from '../../server/store/image-row.ts'
import { imageRows } from '../../server/store/images.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const ana = '01990000-0000-7000-8000-00000000000a'
export const bob = '01990000-0000-7000-8000-00000000000b'
export const anasTalk = '01990000-0000-7000-8000-0000000000c1'
export const anasOtherTalk = '01990000-0000-7000-8000-0000000000c2'
export const bobsTalk = '01990000-0000-7000-8000-0000000000c3'

/** A database of the present test's own with two users, their conversations, and builders of pictures. */
export function pictureStore() {
  const storageDir = temporaryFolder()
  const clock = { ms: Date.UTC(2026, 10, 20, 14, 30), now: () => clock.ms }
  const db = openDatabase(storageDir, clock.now)
  onTestFinished(() => {
    db.close()
  })
  for (const [id, name] of [
    [ana, 'ana'],
    [bob, 'bob'],
  ]) {
    db.prepare(
      `insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
       values (?, ?, ?, ?, '', 'user', 'free', 0)`,
    ).run(id, name, name, name)
  }
  for (const [id, userId] of [
    [anasTalk, ana],
    [anasOtherTalk, ana],
    [bobsTalk, bob],
  ]) {
    db.prepare(
      `insert into conversations (id, user_id, title, titled_by, created_at, updated_at) values (?, ?, '', 'nobody', 0, 0)`,
    ).run(id, userId)
  }
  const rows = imageRows(db)
  let made = 0
  const newId = () => `01990000-0000-7000-9000-${String((made += 1)).padStart(12, '0')}`

  /** Records a picture of Ana's, in her first conversation unless told. */
  function add(more: Partial<NewImage> = {}): ImageRow {
    const id = newId()
    const sha256 = more.sha256 ?? String(made).padStart(16, '0').padEnd(64, '0')
    const filename = `img_${sha256.slice(0, 16)}.png`
    const conversationId = more.conversationId === undefined ? anasTalk : more.conversationId
    const userId = more.userId ?? ana
    return rows.insert({
      id,
      userId,
      conversationId,
      messageId: null,
      turnId: null,
      generationId: null,
      path: conversationId
        ? `conversations/${conversationId}/images/${filename}`
        : `uploads/${userId}/${filename}`,
      filename,
      mime: 'image/png',
      sha256,
      width: 1024,
      height: 768,
      bytes: 2000,
      thumbhash: null,
      alt: '',
      caption: '',
      description: '',
      source: 'command',
      rawPrompt: 'a fox',
      refinedPrompt: null,
      revisedPrompt: null,
      refineFallback: false,
      context: null,
      parameters: {},
      model: 'a/model',
      provider: 'offline',
      parentId: null,
      durationMs: null,
      costMicro: 0,
      expiresAt: null,
      createdAt: (clock.ms += 1000),
      ...more,
    })
  }

  /** Adds a message with this text and answers its id. */
  function message(text: string, conversationId = anasTalk): string {
    const id = newId()
    db.prepare(
      `insert into messages (id, conversation_id, sender, kind, text, state, indexed, created_at)
       values (?, ?, 'model', 'image', ?, 'complete', 1, 0)`,
    ).run(id, conversationId, text)
    return id
  }
  return { storageDir, db, rows, clock, newId, add, message }
}
