import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { filesIn, sendFile, zipOf, type ZipFile } from '../support/archives.ts'
import { startEasel, type Easel } from '../support/easel.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { richTalk } from './talk.ts'

let easel: Easel
let anna: Client
let mallory: Client
/** The files of an honest export. */
let honest: Map<string, Buffer>
let foxFile: string
let photoFile: string
beforeAll(async () => {
  easel = await startEasel()
  anna = await easel.user('anna')
  mallory = await easel.user('mallory')
  const talk = await richTalk(easel, anna)
  honest = await filesIn((await anna.bytes(`/api/conversations/${talk.id}/export`)).bytes)
  foxFile = `images/${talk.fox.image.filename}`
  photoFile = [...honest.keys()].find((name) => name.startsWith('attachments/')) ?? ''
})
afterAll(() => easel.close())

// The document is what the rows below bend; they look into it freely.
// oxlint-disable-next-line typescript/no-explicit-any
type Document = any

function documentFile(bend: (document: Document) => unknown): ZipFile {
  const document = JSON.parse(honest.get('conversation.json')?.toString() ?? '')
  const bent = bend(document) ?? document
  const text = typeof bent === 'string' ? bent : JSON.stringify(bent)
  return { name: 'conversation.json', bytes: Buffer.from(text), deflate: true }
}

function files(): ZipFile[] {
  return [...honest].map(([name, bytes]) => ({ name, bytes }))
}

/** The honest ZIP with another document. */
function withDocument(bend: (document: Document) => unknown): Buffer {
  return zipOf([documentFile(bend), ...files().slice(1)])
}

/** The honest ZIP with files put in the place of others, and further ones. */
function withFiles(...others: ZipFile[]): Buffer {
  const kept = files().filter((file) => !others.some((other) => other.name === file.name))
  return zipOf([...kept, ...others])
}

function withFile(name: string, more: Partial<ZipFile>): Buffer {
  return withFiles({ name, bytes: honest.get(name) ?? Buffer.alloc(0), ...more })
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
const shellcode = Buffer.from('#!/bin/sh\n')

type Row = [name: string, zip: () => Buffer | Promise<Buffer>, status: number, says: RegExp]

const rows: Row[] = [
  ['an empty file', () => Buffer.alloc(0), 400, /file is empty/],
  ['no ZIP', () => Buffer.from('hello'), 400, /damaged, cut off, or no ZIP/],
  ['a cut-off ZIP', () => zipOf(files()).subarray(0, -30), 400, /damaged, cut off/],
  ['a ZIP without a document', () => zipOf(files().slice(1)), 400, /holds no conversation\.json/],
  ['a document twice', () => zipOf([documentFile(() => undefined), ...files()]), 400, /a file twice/],
  [
    'a name that climbs up',
    () => withFiles({ name: 'images/../../../x.png', bytes: shellcode }),
    400,
    /leads out/,
  ],
  ['an absolute name', () => withFiles({ name: '/etc/passwd', bytes: shellcode }), 400, /leads out/],
  ['a name with a drive', () => withFiles({ name: 'C:/x.png', bytes: shellcode }), 400, /leads out/],
  [
    'a name with backslashes',
    () => withFiles({ name: 'images\\..\\x.png', bytes: shellcode }),
    400,
    /leads out/,
  ],
  [
    'a name that is too long',
    () => withFiles({ name: 'n'.repeat(2000), bytes: shellcode }),
    400,
    /a name in it, or what is said of it, is too long/,
  ],
  [
    'a symbolic link',
    () => withFile(foxFile, { bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }),
    400,
    /a link or a device/,
  ],
  [
    'a device',
    () => withFiles({ name: 'tty', bytes: Buffer.alloc(0), mode: 0o020666 }),
    400,
    /a link or a device/,
  ],
  ['an encrypted picture', () => withFile(foxFile, { flags: 1 }), 400, /encrypted|damaged/],
  ['a wrong checksum', () => withFile('conversation.json', { crc: 1 }), 400, /checksum is wrong/],
  [
    'a bomb that says what it is',
    () => withFile('conversation.json', { bytes: Buffer.alloc(65 * 1024 ** 2, ' '), deflate: true }),
    413,
    /larger than 64 MB/,
  ],
  [
    'a bomb that says that it is small',
    () =>
      withFile('conversation.json', { bytes: Buffer.alloc(65 * 1024 ** 2, ' '), deflate: true, size: 100 }),
    400,
    /damaged/,
  ],
  [
    'more than 1 GB unpacked',
    () =>
      withFiles(
        ...Array.from({ length: 45 }, (_, index) => ({
          name: `images/bomb${index}.png`,
          bytes: Buffer.alloc(10),
          deflate: true,
          size: 24 * 1024 ** 2,
        })),
      ),
    413,
    /more than 1 GB/,
  ],
  [
    'more entries than are looked at',
    () =>
      zipOf(Array.from({ length: 20_001 }, (_, index) => ({ name: `n${index}`, bytes: Buffer.alloc(0) }))),
    413,
    /more than 20000 files/,
  ],
  [
    'a picture that is missing',
    () => zipOf(files().filter((file) => file.name !== foxFile)),
    400,
    /lacks the picture images\/img_/,
  ],
  [
    'an attachment that is missing',
    () => zipOf(files().filter((file) => file.name !== photoFile)),
    400,
    /lacks the picture attachments\/img_/,
  ],
  [
    'a picture that is none',
    () => withFile(foxFile, { bytes: shellcode }),
    400,
    /images\/img_\w+\.png: .*neither PNG/,
  ],
  ['an SVG for a picture', () => withFile(foxFile, { bytes: Buffer.from('<svg/>') }), 400, /neither PNG/],
  [
    'an SVG for an attachment',
    () => withFile(photoFile, { bytes: Buffer.from('<svg/>') }),
    400,
    /attachments\/img_.*PNG, JPEG and WebP/,
  ],
  [
    'a good attachment and a bad one',
    () =>
      zipOf([
        documentFile((d) => {
          const [photo] = d.messages[6].attachments
          d.messages[6].attachments.push({ ...photo, id: 'x'.repeat(20), file: 'attachments/second.png' })
        }),
        ...files().slice(1),
        { name: 'attachments/second.png', bytes: shellcode },
      ]),
    400,
    /attachments\/second\.png/,
  ],
  [
    'a cut-off picture',
    () => withFile(foxFile, { bytes: (honest.get(foxFile) ?? Buffer.alloc(0)).subarray(0, -20) }),
    400,
    /not a whole PNG/,
  ],
  [
    'a picture with something behind it',
    async () =>
      withFile(foxFile, { bytes: Buffer.concat([await samplePng({ width: 9, height: 9 }), shellcode]) }),
    400,
    /not a whole PNG/,
  ],
  ['text that is no JSON', () => withDocument(() => '{'), 400, /not valid JSON/],
  [
    'text that is no UTF-8',
    () => withFile('conversation.json', { bytes: Buffer.from([0x22, 0xff, 0x22]) }),
    400,
    /not valid JSON/,
  ],
  ['JSON of something else', () => withDocument(() => '[]'), 400, /no conversation that Easel exported/],
  [
    'an unknown format',
    () => withDocument((d) => ({ ...d, format: 'chat' })),
    400,
    /no conversation that Easel exported/,
  ],
  [
    'a later version',
    () => withDocument((d) => ({ ...d, version: 2 })),
    400,
    /version 2 of the format; this Easel reads version 1/,
  ],
  [
    'an unknown field',
    () => withDocument((d) => ({ ...d, user_id: 'x' })),
    400,
    /user_id: is not a known field/,
  ],
  [
    'an unknown field of a message',
    () => withDocument((d) => void (d.messages[0].turn_id = d.messages[0].id)),
    400,
    /messages\.0\.turn_id: is not a known field/,
  ],
  [
    'a title that is too long',
    () => withDocument((d) => void (d.conversation.title = 'x'.repeat(201))),
    400,
    /conversation\.title/,
  ],
  [
    'a memory pad that is too long',
    () => withDocument((d) => void (d.conversation.memory_pad = 'x'.repeat(20_001))),
    400,
    /memory_pad/,
  ],
  [
    "a user's text that is too long",
    () => withDocument((d) => void (d.messages[0].text = 'x'.repeat(32_001))),
    400,
    /messages\.0\.text/,
  ],
  [
    'a state that nothing is in',
    () => withDocument((d) => void (d.messages[1].state = 'streaming')),
    400,
    /messages\.1\.state/,
  ],
  [
    'a time that is none',
    () => withDocument((d) => void (d.messages[0].created_at = 'yesterday')),
    400,
    /created_at/,
  ],
  ['a cost below nothing', () => withDocument((d) => void (d.messages[1].cost_usd = -1)), 400, /cost_usd/],
  [
    'a message with an unknown parent',
    () => withDocument((d) => void (d.messages[2].parent_id = 'x'.repeat(20))),
    400,
    /messages\.2\.parent_id: names no message/,
  ],
  [
    'a message that is its own parent',
    () => withDocument((d) => void (d.messages[0].parent_id = d.messages[0].id)),
    400,
    /messages\.0\.parent_id/,
  ],
  [
    'two messages that are each other’s parents',
    () => withDocument((d) => void (d.messages[0].parent_id = d.messages[1].id)),
    400,
    /messages\.0\.parent_id/,
  ],
  [
    'a message twice',
    () => withDocument((d) => void d.messages.push(d.messages[0])),
    400,
    /id: is the id of an earlier message/,
  ],
  [
    'an unknown message shown',
    () => withDocument((d) => void (d.active_message_id = 'x'.repeat(20))),
    400,
    /active_message_id: names no message/,
  ],
  [
    'a picture from an unknown one',
    () => withDocument((d) => void (d.messages[3].generated_images[0].parent_id = 'x'.repeat(20))),
    400,
    /no picture of this file/,
  ],
  [
    'a picture made from itself in a circle',
    () =>
      withDocument((d) => {
        d.messages[3].generated_images[0].parent_id = d.messages[5].generated_images[0].id
      }),
    400,
    /made from itself/,
  ],
  [
    'a picture twice',
    () => withDocument((d) => void d.messages[5].generated_images.push(d.messages[3].generated_images[0])),
    400,
    /id of an earlier picture/,
  ],
  [
    'two pictures with one number',
    () => withDocument((d) => void (d.messages[5].generated_images[0].number = 1)),
    400,
    /number of two pictures/,
  ],
  [
    'a picture elsewhere on the disk',
    () => withDocument((d) => void (d.messages[3].generated_images[0].file = '../../../etc/passwd')),
    400,
    /generated_images\.0\.file: names no picture/,
  ],
  [
    'parameters that are too deep',
    () =>
      withDocument((d) => {
        d.messages[3].generated_images[0].recipe.parameters = 'bottomless'
        return JSON.stringify(d).replace('"bottomless"', nested(20))
      }),
    400,
    /parameters: is too deep/,
  ],
  [
    'more values than are worth parsing',
    () => withDocument(() => `[${'[],'.repeat(2_600_000)}0]`),
    413,
    /more values, or deeper ones/,
  ],
  ['values without a bottom', () => withDocument(() => nested(5000)), 413, /more values, or deeper ones/],
  [
    'more messages than are taken',
    () => withDocument((d) => void (d.messages = Array.from({ length: 50_001 }, () => 0))),
    413,
    /50001 messages; 50000 are the most/,
  ],
]

describe('an import', () => {
  let filesBefore: string[]
  beforeEach(() => {
    filesBefore = stored()
  })

  it.each(rows)('of %s is refused in words and leaves nothing', async (_name, zip, status, says) => {
    const answer = await sendFile(mallory, '/api/conversations/import', await zip())
    expect([answer.status, answer.body]).toEqual([
      status,
      expect.objectContaining({
        code: status === 413 ? 'payload_too_large' : 'invalid_request',
        message: expect.stringMatching(says),
      }),
    ])
    expect((await mallory.get('/api/conversations')).body.items).toEqual([])
    expect((await mallory.get('/api/images')).body.items).toEqual([])
    expect(stored()).toEqual(filesBefore)
  })

  it('leaves files alone that are none of its own', async () => {
    const zip = withFiles(
      { name: 'images/', bytes: Buffer.alloc(0), mode: 0o040755 },
      { name: '__MACOSX/._conversation.json', bytes: shellcode },
      { name: 'README.txt', bytes: shellcode, deflate: true },
      { name: 'images/deeper/x.png', bytes: shellcode },
      { name: 'images/run.sh', bytes: shellcode },
    )
    const carol = await easel.user('carol')
    const answer = await sendFile(carol, '/api/conversations/import', zip)
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
    const folder = path.join(easel.storageDir, 'conversations', answer.body.id)
    expect(readdirSync(path.join(folder, 'images')).toSorted()).toEqual(
      [...honest.keys()]
        .filter((name) => name.startsWith('images/'))
        .map((name) => path.basename(name))
        .toSorted(),
    )
    expect(existsSync(path.join(folder, 'images', 'run.sh'))).toBe(false)
  })

  it('of models that are not to be had here goes on with those that are', async () => {
    const offline = await startEasel({ offline: true })
    const dora = await offline.user('dora')
    const zip = withDocument((d) => {
      d.conversation.chat_model = 'openai/gpt-5'
      d.conversation.settings.image_model = 'google/gemini-3.1-flash-image-preview'
    })
    const answer = await sendFile(dora, '/api/conversations/import', zip)
    expect(answer.body).toMatchObject({ chat_model: null, settings: { image_model: null } })
    expect((await dora.say(answer.body.id, 'Are you there?')).body.state).toBe('complete')
    await offline.close()
  })

  it('takes no more dates from the future than it is', async () => {
    const erin = await easel.user('erin')
    const zip = withDocument((d) => {
      d.messages[0].created_at = '2999-01-01T00:00:00.000Z'
      d.conversation.created_at = '1999-01-01T00:00:00.000Z'
    })
    const before = Date.now()
    const { body } = await sendFile(erin, '/api/conversations/import', zip)
    expect(Date.parse(body.created_at)).toBeGreaterThanOrEqual(before)
    const messages = await erin.get(`/api/conversations/${body.id}/messages?limit=200`)
    expect(Date.parse(messages.body.items[0].created_at)).toBeLessThanOrEqual(Date.now())
  })

  it('needs a form, a file in it, and somebody signed in', async () => {
    const plain = await anna.ask('POST', '/api/conversations/import', { body: { a: 1 } })
    expect(plain).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    const form = new FormData()
    form.set('words', 'only')
    const encoded = new Response(form)
    const fileless = await anna.ask('POST', '/api/conversations/import', {
      body: Buffer.from(await encoded.arrayBuffer()),
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    })
    expect(fileless).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect((await sendFile(easel.nobody(), '/api/conversations/import', zipOf(files()))).status).toBe(401)
  })

  it('waits for the same user’s other import', async () => {
    const body = Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK')
    const slow = httpRequest(`${easel.url}/api/conversations/import`, {
      method: 'POST',
      headers: {
        cookie: mallory.cookie ?? '',
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': '1000000',
      },
    })
    slow.on('error', () => undefined)
    slow.write(Buffer.concat([body, Buffer.alloc(600_000)]))
    await expect.poll(() => stored().some((file) => file.includes('.tmp-'))).toBe(true)
    const importing = () => sendFile(mallory, '/api/conversations/import', Buffer.from('no ZIP'))
    expect((await importing()).body).toMatchObject({ code: 'too_many_active', retry_after: 10 })
    slow.destroy()
    await expect.poll(async () => (await importing()).status).toBe(400)
    await expect.poll(stored).toEqual(filesBefore)
  })

  it('larger than 300 MB is refused by its announced length', async () => {
    const announced = httpRequest(`${easel.url}/api/conversations/import`, {
      method: 'POST',
      headers: {
        cookie: mallory.cookie ?? '',
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': String(301 * 1024 ** 2),
      },
    })
    announced.flushHeaders()
    const [answer] = await once(announced, 'response')
    expect([answer.statusCode, await json(answer)]).toMatchObject([413, { code: 'payload_too_large' }])
    announced.destroy()
  })
})

/** Every file in the storage folder but the database's own and previews, which come and go in the background. */
function stored(): string[] {
  return readdirSync(easel.storageDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('easel.sqlite'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/\/(?:previews|owners)\//.test(file))
    .toSorted()
}
