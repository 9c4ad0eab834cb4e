import { describe, expect, test } from 'vitest'
import { GalleryQuery } from '../../server/contract/images.ts'
import { ImageRecipe } from '../../server/contract/images.ts'
import {
  altText,
  imageMarkdown,
  imageUrl,
  presentAttachment,
  presentImage,
  presentRecipe,
} from '../../server/images/present-image.ts'
import { removeExpired } from '../../server/images/remove-picture.ts'
import { pino } from 'pino'
import { ana, anasOtherTalk, anasTalk, bob, bobsTalk, pictureStore } from '../support/picture-store.ts'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
const query = (given: object = {}) => GalleryQuery.parse(given)

describe('recording', () => {
  test('numbers pictures 1, 2, 3 within their conversation, and never gives a number twice', () => {
    const { rows, add } = pictureStore()
    expect([add().number, add().number, add({ conversationId: anasOtherTalk }).number]).toEqual([1, 2, 1])
    const third = add()
    rows.remove(ana, third.id, imageMarkdown)
    expect([third.number, add().number]).toEqual([3, 4])
    expect(add({ conversationId: null, source: 'upload' }).number).toBeNull()
  })

  test('keeps everything that it was given', () => {
    const { rows, add } = pictureStore()
    const parent = add()
    const row = add({
      parentId: parent.id,
      refineFallback: true,
      context: { summary: true, memory_pad: false, deep: true, message_ids: [parent.id], characters: 321 },
      parameters: { aspect_ratio: '16:9', n: 2 },
      refinedPrompt: 'a red fox in deep snow',
      revisedPrompt: 'a fox!',
      durationMs: 9123,
      costMicro: 39_000,
    })
    expect(rows.byId(ana, row.id)).toEqual(row)
  })

  test('goes with the transaction around it', () => {
    const { db, rows, add } = pictureStore()
    const failing = db.transaction(() => {
      add()
      throw new Error('on purpose')
    })
    expect(() => failing.immediate()).toThrow('on purpose')
    expect(rows.gallery(ana, query()).items).toEqual([])
    expect(add().number).toBe(1)
  })
})

describe('ownership', () => {
  test('a stranger gets nothing by any verb that takes a user', () => {
    const { rows, add } = pictureStore()
    const row = add()
    const child = add({ parentId: row.id })
    expect(rows.byId(bob, row.id)).toBeUndefined()
    expect(rows.byFile(bob, anasTalk, row.filename)).toBeUndefined()
    expect(rows.byFile(bob, bobsTalk, row.filename)).toBeUndefined()
    expect(rows.fileById(bob, row.id)).toBeUndefined()
    expect(rows.ancestors(bob, child.id)).toEqual([])
    expect(rows.children(bob, row.id)).toEqual([])
    expect(rows.patch(bob, row.id, { starred: true })).toBeUndefined()
    expect(rows.remove(bob, row.id, imageMarkdown)).toEqual([])
    rows.indexSome(10)
    expect(rows.gallery(bob, query({ q: 'fox' })).items).toEqual([])
    expect(rows.byId(ana, row.id)).toEqual(row)
  })

  test('a picture is found by its file only in its own conversation', () => {
    const { rows, add } = pictureStore()
    const row = add()
    expect(rows.byFile(ana, anasTalk, row.filename)).toMatchObject({
      id: row.id,
      sha256: row.sha256,
      bytes: 2000,
    })
    expect(rows.byFile(ana, anasOtherTalk, row.filename)).toBeUndefined()
    expect(rows.byFile(ana, anasTalk, 'img_ffffffffffffffff.png')).toBeUndefined()
  })
})

describe('pictures of messages', () => {
  test('come grouped and in order', () => {
    const { rows, add, message } = pictureStore()
    const [one, two] = [message('one'), message('two')]
    const [a, b, c] = [add({ messageId: one }), add({ messageId: two }), add({ messageId: one })]
    add()
    const found = rows.byMessages([one, two, 'nobody'])
    expect([...found.keys()].toSorted()).toEqual([one, two].toSorted())
    expect(ids(found.get(one) ?? [])).toEqual([a.id, c.id])
    expect(ids(found.get(two) ?? [])).toEqual([b.id])
  })

  test('that the user attached come in the order that the user chose, and stay from then on', () => {
    const { rows, add, message, clock } = pictureStore()
    const upload = () => add({ conversationId: null, source: 'upload', expiresAt: clock.ms + 60_000 })
    const [a, b, unused] = [upload(), upload(), upload()]
    const on = message('look')
    rows.attach(on, [b.id, a.id])
    expect(ids(rows.attachmentsOf([on]).get(on) ?? [])).toEqual([b.id, a.id])
    clock.ms += 120_000
    expect(ids(rows.expired(clock.ms, 10))).toEqual([unused.id])
  })

  test('an attached upload goes with the last message that showed it', () => {
    const { db, rows, add, message, clock } = pictureStore()
    const upload = add({ conversationId: null, source: 'upload', expiresAt: clock.ms + 60_000 })
    const [one, two] = [message('one'), message('two')]
    rows.attach(one, [upload.id])
    rows.attach(two, [upload.id])
    const forget = db.prepare('delete from attachments where message_id = ?')
    forget.run(one)
    expect(rows.expired(clock.ms, 10)).toEqual([])
    forget.run(two)
    expect(ids(rows.expired(clock.ms, 10))).toEqual([upload.id])
  })
})

describe('the gallery', () => {
  test('pages through everything once, newest first, also where times are equal', () => {
    const { rows, add } = pictureStore()
    const all = Array.from({ length: 7 }, (_, place) => add({ createdAt: place < 4 ? 5000 : 6000 + place }))
    add({ userId: bob, conversationId: bobsTalk })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = rows.gallery(ana, query({ limit: 3, ...(cursor ? { cursor } : {}) }))
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...ids(page.items))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(ids(all).toReversed())
  })

  test('narrows by conversation, source, star and model', () => {
    const { rows, add } = pictureStore()
    const here = add()
    const there = add({ conversationId: anasOtherTalk, model: 'another/model', source: 'edit' })
    rows.patch(ana, there.id, { starred: true })
    const shown = (given: object) => ids(rows.gallery(ana, query(given)).items)
    expect(shown({ conversation_id: anasTalk })).toEqual([here.id])
    expect(shown({ source: 'edit' })).toEqual([there.id])
    expect(shown({ starred: 'true' })).toEqual([there.id])
    expect(shown({ starred: 'false' })).toEqual([here.id])
    expect(shown({ model: 'another/model' })).toEqual([there.id])
    expect(shown({ model: 'another/model', conversation_id: anasTalk })).toEqual([])
    expect(shown({ conversation_id: bobsTalk })).toEqual([])
  })

  test('leaves out what may still go', () => {
    const { rows, add } = pictureStore()
    add({ conversationId: null, source: 'upload', expiresAt: 99 })
    expect(rows.gallery(ana, query()).items).toEqual([])
  })

  test('finds words of prompts, captions, descriptions and alternative texts, by their beginnings', () => {
    const { rows, add } = pictureStore()
    const row = add({ rawPrompt: 'Ein Fuchs im Schnee', refinedPrompt: 'a red fox, watercolour' })
    const other = add({ rawPrompt: 'a city', conversationId: anasOtherTalk })
    add({ userId: bob, conversationId: bobsTalk, rawPrompt: 'a fox of Bob' })
    const found = (q: string, more: object = {}) => ids(rows.gallery(ana, query({ q, ...more })).items)
    expect(found('fuchs')).toEqual([])
    expect(rows.indexSome(100)).toBe(3)
    expect(rows.indexSome(100)).toBe(0)
    expect(found('fuchs')).toEqual([row.id])
    expect(found('red waterc')).toEqual([row.id])
    expect(found('red city')).toEqual([])
    expect(found('city', { conversation_id: anasTalk })).toEqual([])
    rows.setDescription(other.id, {
      caption: 'Harbour',
      description: 'Ships at night.',
      alt: 'Ships in a harbour',
    })
    expect(rows.indexSome(100)).toBe(1)
    expect([found('ships'), found('harbour night'), found('city')]).toEqual([
      [other.id],
      [other.id],
      [other.id],
    ])
    for (const hostile of ['"', '*', 'fox" OR scope : "', 'NEAR(', "a'b", '-', ': ^', '🦊']) {
      expect(() => found(hostile), hostile).not.toThrow()
    }
    expect(found('fox" OR "city')).toEqual([])
  })

  test('the word index survives a VACUUM and forgets deleted pictures', () => {
    const { db, rows, add } = pictureStore()
    const [gone, kept] = [add({ rawPrompt: 'a wolf' }), add({ rawPrompt: 'a heron' })]
    rows.indexSome(10)
    rows.remove(ana, gone.id, imageMarkdown)
    db.exec('vacuum')
    expect(rows.gallery(ana, query({ q: 'wolf' })).items).toEqual([])
    expect(ids(rows.gallery(ana, query({ q: 'heron' })).items)).toEqual([kept.id])
    expect(db.prepare('select count(*) as n from image_words').get()).toEqual({ n: 1 })
  })
})

describe('a picture and its family', () => {
  test('ancestors come parent first, children oldest first', () => {
    const { rows, add } = pictureStore()
    const grandparent = add()
    const parent = add({ parentId: grandparent.id })
    const row = add({ parentId: parent.id })
    const [older, younger] = [add({ parentId: row.id }), add({ parentId: row.id })]
    expect(ids(rows.ancestors(ana, row.id))).toEqual([parent.id, grandparent.id])
    expect(ids(rows.children(ana, row.id))).toEqual([older.id, younger.id])
  })

  test('a circle, which only damage can make, ends', () => {
    const { db, rows, add } = pictureStore()
    const one = add()
    const two = add({ parentId: one.id })
    db.prepare('update images set parent_id = ? where id = ?').run(two.id, one.id)
    expect(rows.ancestors(ana, one.id).length).toBeLessThanOrEqual(100)
  })
})

describe('changing', () => {
  test('a description fills the alternative text, but not over the user’s own', () => {
    const { rows, add } = pictureStore()
    const [own, none] = [add(), add()]
    rows.patch(ana, own.id, { alt: 'My fox' })
    const shown = { caption: 'A fox', description: 'A fox sits.', alt: 'A sitting fox' }
    rows.setDescription(own.id, shown)
    rows.setDescription(none.id, shown)
    expect(rows.byId(ana, own.id)).toMatchObject({ alt: 'My fox', caption: 'A fox', described: true })
    expect(rows.byId(ana, none.id)).toMatchObject({ alt: 'A sitting fox', description: 'A fox sits.' })
    expect(rows.undescribed(10)).toEqual([])
  })

  test('stars and hashes are kept', () => {
    const { rows, add } = pictureStore()
    const row = add()
    rows.setThumbhash(row.id, 'abcd')
    expect(rows.patch(ana, row.id, { starred: true })).toEqual({ ...row, starred: true, thumbhash: 'abcd' })
    expect(rows.patch(ana, row.id, { starred: false })?.starred).toBe(false)
  })
})

describe('removing', () => {
  test('takes the picture from the text of its message and leaves the rest of it', () => {
    const { db, rows, add, message } = pictureStore()
    const messageId = message('')
    const [gone, kept] = [add({ messageId }), add({ messageId })]
    db.prepare('update messages set text = ? where id = ?').run(
      `${imageMarkdown(gone)}${imageMarkdown(kept)}Two foxes.`,
      messageId,
    )
    expect(ids(rows.remove(ana, gone.id, imageMarkdown))).toEqual([gone.id])
    expect(db.prepare('select text, indexed from messages where id = ?').get(messageId)).toEqual({
      text: `${imageMarkdown(kept)}Two foxes.`,
      indexed: 0,
    })
    expect(ids(rows.byMessages([messageId]).get(messageId) ?? [])).toEqual([kept.id])
  })

  test('leaves the text while the message still shows another picture of the same bytes', () => {
    const { db, rows, add, message } = pictureStore()
    const messageId = message('')
    const [one, two] = [
      add({ messageId, sha256: 'a'.repeat(64) }),
      add({ messageId, sha256: 'a'.repeat(64) }),
    ]
    db.prepare('update messages set text = ? where id = ?').run(imageMarkdown(one), messageId)
    const text = db.prepare<[string], { text: string }>('select text from messages where id = ?')
    rows.remove(ana, one.id, imageMarkdown)
    expect(text.get(messageId)?.text).toBe(imageMarkdown(two))
    rows.remove(ana, two.id, imageMarkdown)
    expect(text.get(messageId)?.text).toBe('')
  })

  test('lets a file go only when no row names it any more', () => {
    const { rows, add } = pictureStore()
    const [one, two] = [add({ sha256: 'a'.repeat(64) }), add({ sha256: 'a'.repeat(64) })]
    let done = 0
    const act = () => {
      done += 1
    }
    rows.remove(ana, one.id, imageMarkdown)
    expect(rows.whenUnreferenced(one.path, act)).toBe(false)
    rows.remove(ana, two.id, imageMarkdown)
    expect(rows.whenUnreferenced(one.path, act)).toBe(true)
    expect(done).toBe(1)
  })

  test('what was made from it loses its parent', () => {
    const { rows, add } = pictureStore()
    const parent = add()
    const child = add({ parentId: parent.id })
    rows.remove(ana, parent.id, imageMarkdown)
    expect(rows.byId(ana, child.id)?.parentId).toBeNull()
  })

  test('the janitor takes what is over its time, however many, and nothing else', async () => {
    const { rows, add, clock, storageDir } = pictureStore()
    for (let place = 0; place < 45; place += 1) {
      add({ conversationId: null, source: 'upload', expiresAt: clock.ms + 1000 })
    }
    const later = add({ conversationId: null, source: 'upload', expiresAt: clock.ms + 1_000_000 })
    const stays = add()
    clock.ms += 60_000
    const parts = { rows, storageDir, clock, log: pino({ level: 'silent' }) }
    expect(await removeExpired(parts)).toBe(45)
    expect(await removeExpired(parts)).toBe(0)
    expect([rows.byId(ana, later.id)?.id, rows.byId(ana, stays.id)?.id]).toEqual([later.id, stays.id])
  })
})

describe('on the wire', () => {
  test('a picture has the address of its conversation, or its own', () => {
    const { add } = pictureStore()
    const row = add()
    expect(imageUrl(row)).toBe(`/api/conversation-image/${anasTalk}/${row.filename}`)
    const upload = add({ conversationId: null, source: 'upload' })
    expect(presentAttachment(upload)).toEqual({
      id: upload.id,
      url: `/api/images/${upload.id}/file`,
      width: 1024,
      height: 768,
      alt: 'Uploaded picture',
      thumbhash: null,
    })
  })

  test('a picture without an alternative text is told by its prompt', () => {
    const { add } = pictureStore()
    expect(altText(add({ rawPrompt: 'a fox' }))).toBe('AI-generated picture: a fox')
    expect(altText(add({ alt: 'My fox' }))).toBe('My fox')
  })

  test('a recipe fits the contract and shows no internals', () => {
    const { add, message } = pictureStore()
    const parent = add()
    const row = add({ parentId: parent.id, messageId: message('x'), costMicro: 39_500, durationMs: 8000 })
    const recipe = presentRecipe(row, { ancestors: [parent], children: [] })
    expect(ImageRecipe.strict().parse(recipe)).toEqual(recipe)
    expect(recipe).toMatchObject({ cost_usd: 0.0395, number: 2, ancestors: [presentImage(parent)] })
    expect(JSON.stringify(recipe)).not.toContain(ana)
    expect(JSON.stringify(recipe)).not.toContain('conversations/')
  })
})
