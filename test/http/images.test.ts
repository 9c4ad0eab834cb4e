import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { Readable } from 'node:stream'
import express, { type NextFunction, type Request, type Response } from 'express'
import { pino } from 'pino'
import sharp from 'sharp'
import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listOf } from '../../server/contract/basics.ts'
import { GeneratedImage, ImageRecipe, Upload } from '../../server/contract/images.ts'
import { asProblem, Problem } from '../../server/errors.ts'
import { Reply, type Route } from '../../server/http/route.ts'
import { imageRoutes } from '../../server/http/routes/images.ts'
import { uploadRoutes, type UploadRouteParts } from '../../server/http/routes/uploads.ts'
import { removeExpired } from '../../server/images/remove-picture.ts'
import { fileServer } from '../../server/images/serve-file.ts'
import type { NewImage } from '../../server/store/image-row.ts'
import { ana, anasTalk, bob, pictureStore } from '../support/picture-store.ts'
import { sampleJpeg, samplePng } from '../support/sample-pictures.ts'

const log = pino({ level: 'silent' })

function parse(schema: Route['params'], value: unknown): unknown {
  const parsed = schema?.safeParse(value)
  if (parsed && !parsed.success) throw new Problem('invalid_request', parsed.error.message)
  return parsed?.data
}

/** Mounts routes as the server does, signed in as whom the header names. */
function mount(routes: readonly Route[]) {
  const app = express()
  app.use((_req, res, next) => {
    // What every answer of the server carries; those of pictures set some of them anew.
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    next()
  })
  for (const route of routes) {
    app[route.method](route.path, express.json(), async (req: Request, res: Response) => {
      const id = req.headers['x-user'] === 'bob' ? bob : ana
      const answer = await route.handle({
        user: { id, username: 'x', display_name: 'x', role: 'user', tier: 'free' },
        params: parse(route.params, req.params),
        query: parse(route.query, req.query),
        body: parse(route.body, req.body),
        requestId: 'r',
        req,
        res,
      })
      if (answer instanceof Reply) res.status(answer.status).json(answer.body)
      else if (typeof answer !== 'symbol') res.json(answer)
    })
  }
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const problem = asProblem(error)
    res.status(problem.status).json({ code: problem.code, message: problem.message })
  })
  return app
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

async function start(more: Partial<UploadRouteParts> = {}) {
  const store = pictureStore()
  const parts = { ...store, log, files: fileServer() }
  const base = await listen(
    createServer(mount([...imageRoutes(parts), ...uploadRoutes({ ...parts, ...more })])),
  )

  async function ask(
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    {
      as = 'ana',
      headers = {},
      json,
      body,
    }: { as?: string; headers?: Record<string, string>; json?: object; body?: Buffer } = {},
  ) {
    const answer = await request(`${base}${url}`, {
      method,
      headers: { 'x-user': as, ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(json) : (body ?? null),
    })
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    const isJson = String(answer.headers['content-type']).includes('json')
    const parsed: unknown = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined
    return { status: answer.statusCode, headers: answer.headers, bytes, json: parsed }
  }

  /** Records a picture of Ana's and puts its file where it belongs. */
  function addPicture(bytes: Buffer, given: Partial<NewImage> = {}) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const row = store.add({ sha256, bytes: bytes.length, ...given })
    const file = path.join(store.storageDir, row.path)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    return { row, file, url: `/api/conversation-image/${anasTalk}/${row.filename}` }
  }
  return { ...store, base, ask, addPicture }
}

interface Form {
  body: Buffer
  headers: Record<string, string>
}

/** A multipart body as browsers make it. */
async function encoded(fields: FormData): Promise<Form> {
  const answer = new Response(fields)
  const contentType = answer.headers.get('content-type') ?? ''
  return { body: Buffer.from(await answer.arrayBuffer()), headers: { 'content-type': contentType } }
}

function form(bytes: Buffer, name = 'photo.png', type = 'image/png'): Promise<Form> {
  const fields = new FormData()
  fields.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return encoded(fields)
}

describe("a picture's bytes", () => {
  test('are answered as stored, with every header that they need', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 200, height: 100 })
    const { row, url } = addPicture(png)
    const answer = await ask('GET', url)
    expect(answer.status).toBe(200)
    expect(answer.bytes.equals(png)).toBe(true)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      etag: `"${row.sha256}"`,
      'cache-control': 'private, no-cache',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  test('larger than what is kept in memory are whole too', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 1200, height: 900, minBytes: 3_000_000 })
    const { url } = addPicture(png)
    for (let times = 0; times < 2; times += 1) {
      const answer = await ask('GET', url)
      expect(answer.headers['content-length']).toBe(String(png.length))
      expect(answer.bytes.equals(png)).toBe(true)
    }
  })

  test('are not sent again to who has them, even when the file could not be read', async () => {
    const { ask, addPicture } = await start()
    const { row, url, file } = addPicture(await samplePng({ width: 40, height: 30 }))
    rmSync(file)
    for (const tag of [`"${row.sha256}"`, `W/"${row.sha256}"`, `"other", "${row.sha256}"`, '*']) {
      const answer = await ask('GET', url, { headers: { 'if-none-match': tag } })
      expect([answer.status, answer.bytes.length, answer.headers.etag]).toEqual([304, 0, `"${row.sha256}"`])
      expect(answer.headers['cache-control']).toBe('private, no-cache')
      expect(answer.headers['content-security-policy']).toMatch(/^sandbox;.*style-src 'unsafe-inline'/)
    }
  })

  test('HEAD tells the same without the bytes', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 40, height: 30 })
    const { row, url } = addPicture(png)
    const answer = await ask('HEAD', url)
    expect([answer.status, answer.bytes.length]).toEqual([200, 0])
    expect(answer.headers).toMatchObject({ 'content-length': String(png.length), etag: `"${row.sha256}"` })
  })

  test('are found by id as well', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 40, height: 30 })
    const { row } = addPicture(png, { conversationId: null, source: 'upload' })
    expect((await ask('GET', `/api/images/${row.id}/file`)).bytes.equals(png)).toBe(true)
  })

  test('come as a WebP preview of the wanted width, with a tag of its own', async () => {
    const { ask, addPicture } = await start()
    const { row, url } = addPicture(await samplePng({ width: 900, height: 300 }))
    const answer = await ask('GET', `${url}?w=256`)
    expect(answer.headers).toMatchObject({ 'content-type': 'image/webp', etag: `"${row.sha256}-256"` })
    expect(await sharp(answer.bytes).metadata()).toMatchObject({ format: 'webp', width: 256 })
    const again = await ask('GET', `${url}?w=256`, { headers: { 'if-none-match': `"${row.sha256}-256"` } })
    expect(again.status).toBe(304)
    expect((await ask('GET', `${url}?w=300`)).status).toBe(400)
  })

  test('are saved under a readable name', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 40, height: 30 })
    const { url } = addPicture(png, {
      caption: 'Un café, la nuit',
      createdAt: Date.UTC(2026, 10, 20, 14, 30),
    })
    expect((await ask('GET', `${url}?download=1`)).headers['content-disposition']).toBe(
      `attachment; filename="easel-2026-11-20-1430-un-cafe-la-nuit.png"; filename*=UTF-8''easel-2026-11-20-1430-un-caf%C3%A9-la-nuit.png`,
    )
    expect((await ask('GET', `${url}?w=256&download=1`)).headers['content-disposition']).toContain('.webp"')
    expect((await ask('GET', `${url}?download=0`)).headers['content-disposition']).toBe('inline')
  })

  test.each([
    ['missing', (file: string) => rmSync(file)],
    ['cut off', (file: string, png: Buffer) => writeFileSync(file, png.subarray(0, 100))],
    [
      'other bytes of the same length',
      (file: string, png: Buffer) => writeFileSync(file, Buffer.alloc(png.length, 7)),
    ],
  ])('are never other bytes: a file that is %s is said to be so', async (_name, harm) => {
    for (const png of [
      await samplePng({ width: 40, height: 30 }),
      await samplePng({ width: 1200, height: 900, minBytes: 3_000_000 }),
    ]) {
      const { ask, addPicture } = await start()
      const { url, file } = addPicture(png)
      harm(file, png)
      const answer = await ask('GET', url)
      expect([answer.status, answer.json]).toEqual([
        404,
        { code: 'not_found', message: 'The file of this picture is missing or damaged on the server.' },
      ])
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  test('a damage that comes later is seen too', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 1200, height: 900, minBytes: 3_000_000 })
    const { url, file } = addPicture(png)
    expect((await ask('GET', url)).status).toBe(200)
    writeFileSync(file, Buffer.alloc(png.length, 7))
    expect((await ask('GET', url)).status).toBe(404)
  })
})

describe('what is not a picture of theirs', () => {
  test('answers a stranger exactly as what never was', async () => {
    const { ask, addPicture } = await start()
    const { row, url } = addPicture(await samplePng({ width: 40, height: 30 }))
    const unknown = url.replace(row.filename, 'img_ffffffffffffffff.png')
    const [strange, never] = [await ask('GET', url, { as: 'bob' }), await ask('GET', unknown, { as: 'bob' })]
    expect(strange.status).toBe(404)
    expect(strange.bytes.toString()).toBe(never.bytes.toString())
    const nobodys = '01990000-0000-7000-9000-999999999999'
    const asks: [Parameters<typeof ask>[0], string, object?][] = [
      ['GET', '/file'],
      ['GET', '/file?w=256'],
      ['HEAD', '/file'],
      ['GET', ''],
      ['PATCH', '', { starred: true }],
      ['DELETE', ''],
    ]
    for (const [method, rest, json] of asks) {
      const more = { as: 'bob', ...(json ? { json } : {}) }
      const theirs = await ask(method, `/api/images/${row.id}${rest}`, more)
      const nothing = await ask(method, `/api/images/${nobodys}${rest}`, more)
      expect([theirs.status, theirs.bytes.toString()]).toEqual([404, nothing.bytes.toString()])
    }
    const exported = await ask('POST', '/api/images/export', { as: 'bob', json: { ids: [row.id] } })
    expect(exported.status).toBe(404)
    const tagged = await ask('GET', url, { as: 'bob', headers: { 'if-none-match': `"${row.sha256}"` } })
    expect(tagged.status).toBe(404)
    expect((await ask('GET', url)).status).toBe(200)
  })

  test.each(['..%2f..%2feasel.sqlite', 'a.svg', '.tmp-1', 'img.png.exe', 'a%20b.png', 'a.PNG', '%00.png'])(
    'a file name such as %s is refused',
    async (name) => {
      const { ask } = await start()
      const answer = await ask('GET', `/api/conversation-image/${anasTalk}/${name}`)
      expect([answer.status, answer.json]).toMatchObject([400, { code: 'invalid_filename' }])
    },
  )

  test('a file that lies in the folder without a row is not answered', async () => {
    const { ask, addPicture } = await start()
    const { file } = addPicture(await samplePng({ width: 40, height: 30 }))
    writeFileSync(path.join(path.dirname(file), 'stray.png'), 'x')
    expect((await ask('GET', `/api/conversation-image/${anasTalk}/stray.png`)).status).toBe(404)
  })
})

describe('a client that leaves or stalls', () => {
  test('midway leaves no open file, and the server goes on', async () => {
    const { base, ask, addPicture } = await start()
    const png = await samplePng({ width: 2000, height: 2000, minBytes: 11_000_000 })
    const { url } = addPicture(png)
    await ask('GET', url)
    for (let times = 0; times < 5; times += 1) {
      await new Promise<void>((resolve) => {
        const asked = httpRequest(`${base}${url}`, (answer) => {
          answer.once('data', () => {
            answer.destroy()
            resolve()
          })
        })
        asked.end()
      })
    }
    await expect.poll(openPictures).toEqual([])
    expect((await ask('GET', url)).bytes.equals(png)).toBe(true)
  })

  test('slow readers of different pictures each get their own', async () => {
    const { base, addPicture } = await start()
    const pictures = await Promise.all(
      Array.from({ length: 6 }, async (_, seed) => {
        const png = await samplePng({ width: 1100, height: 1000, seed, minBytes: 2_900_000 })
        return { png, url: addPicture(png).url }
      }),
    )
    const all = [...pictures, ...pictures, ...pictures]
    const got = await Promise.all(all.map(({ url }, place) => readSlowly(`${base}${url}`, place)))
    expect(got.map((bytes, place) => bytes.equals(all[place]?.png ?? Buffer.alloc(0)))).toEqual(
      all.map(() => true),
    )
  })

  test('with an answer that waits behind another leaves no open file', async () => {
    const { base, ask, addPicture } = await start()
    const { url } = addPicture(await samplePng({ width: 2000, height: 2000, minBytes: 11_000_000 }))
    await ask('GET', url)
    const { port } = new URL(base)
    await new Promise<void>((resolve) => {
      const one = `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(one + one + one))
      socket.once('data', () => {
        socket.destroy()
        resolve()
      })
    })
    await expect.poll(openPictures).toEqual([])
  })

  test('before the answer began does no harm', async () => {
    const { base, ask, addPicture } = await start()
    const { url } = addPicture(await samplePng({ width: 900, height: 900, minBytes: 900_000 }))
    const { port } = new URL(base)
    for (let times = 0; times < 10; times += 1) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(`GET ${url}?w=256 HTTP/1.1\r\nHost: x\r\n\r\n`, () => {
            socket.destroy()
            resolve()
          })
        })
      })
    }
    expect((await ask('GET', url)).status).toBe(200)
  })
})

/** Reads an answer with pauses, so that the server has to wait for its reader. */
async function readSlowly(url: string, place: number): Promise<Buffer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, resolve).on('error', reject).end()
  })
  const pieces: Buffer[] = []
  for await (const piece of answer) {
    pieces.push(Buffer.from(piece))
    for (let turn = 0; turn < place % 7; turn += 1) await new Promise(setImmediate)
  }
  return Buffer.concat(pieces)
}

function openPictures(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => linkOf(fd))
    .filter((to) => to.endsWith('.png'))
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // The descriptor of the listing itself is closed by now.
    return ''
  }
}

describe('the gallery', () => {
  test('lists the own pictures by the contract, and narrows', async () => {
    const { ask, add, rows } = await start()
    const [older, newer] = [add({ rawPrompt: 'a heron' }), add({ rawPrompt: 'a fox' })]
    rows.indexSome(10)
    const all = await ask('GET', '/api/images')
    expect(all.json).toMatchObject({ items: [{ id: newer.id }, { id: older.id }], next_cursor: null })
    const first = await ask('GET', '/api/images?limit=1')
    const { items, next_cursor } = listOf(GeneratedImage.strict()).parse(first.json)
    expect(first.json).toEqual({ items, next_cursor })
    expect((await ask('GET', `/api/images?limit=1&cursor=${next_cursor}`)).json).toMatchObject({
      items: [{ id: older.id }],
      next_cursor: null,
    })
    expect((await ask('GET', '/api/images?q=her')).json).toMatchObject({ items: [{ id: older.id }] })
    expect((await ask('GET', '/api/images', { as: 'bob' })).json).toEqual({ items: [], next_cursor: null })
    for (const bad of ['limit=0', 'limit=201', 'cursor=!', 'source=x', 'unknown=1']) {
      expect((await ask('GET', `/api/images?${bad}`)).status, bad).toBe(400)
    }
  })

  test('one picture comes with its recipe', async () => {
    const { ask, add } = await start()
    const parent = add()
    const row = add({ parentId: parent.id, refinedPrompt: 'a red fox' })
    const { json } = await ask('GET', `/api/images/${row.id}`)
    expect(ImageRecipe.strict().parse(json)).toMatchObject({
      recipe: { raw_prompt: 'a fox', refined_prompt: 'a red fox' },
      ancestors: [{ id: parent.id }],
      children: [],
    })
  })

  test('a star and an alternative text are kept, nothing else is taken', async () => {
    const { ask, add } = await start()
    const row = add()
    const patched = await ask('PATCH', `/api/images/${row.id}`, { json: { starred: true, alt: ' My fox ' } })
    expect(patched.json).toMatchObject({ starred: true, alt: 'My fox' })
    expect((await ask('PATCH', `/api/images/${row.id}`, { json: { prompt: 'x' } })).status).toBe(400)
    expect((await ask('PATCH', `/api/images/${row.id}`, { json: { cost_usd: 0 } })).status).toBe(400)
  })
})

describe('deleting', () => {
  test('takes the file, its previews and the address, but not what another row still shows', async () => {
    const { ask, addPicture } = await start()
    const png = await samplePng({ width: 300, height: 200 })
    const [one, two] = [addPicture(png), addPicture(png)]
    await ask('GET', `${one.url}?w=256`)
    const folder = path.dirname(one.file)
    expect((await ask('DELETE', `/api/images/${one.row.id}`)).status).toBe(204)
    expect((await ask('GET', two.url)).status).toBe(200)
    expect((await ask('DELETE', `/api/images/${two.row.id}`)).status).toBe(204)
    expect((await ask('GET', two.url)).status).toBe(404)
    expect(existsSync(one.file)).toBe(false)
    expect(readdirSync(path.join(folder, 'previews'))).toEqual([])
    expect((await ask('DELETE', `/api/images/${two.row.id}`)).status).toBe(404)
  })
})

describe('an export', () => {
  test('is a ZIP of the pictures under readable names, with their recipes', async () => {
    const { ask, addPicture } = await start()
    const pngs = [
      await samplePng({ width: 40, height: 30, seed: 1 }),
      await samplePng({ width: 40, height: 30, seed: 2 }),
    ]
    const [a, b] = pngs.map((png) => addPicture(png, { caption: 'A fox' }))
    const gone = addPicture(await samplePng({ width: 40, height: 30, seed: 3 }))
    rmSync(gone.file)
    const ids = [a?.row.id, b?.row.id, gone.row.id, a?.row.id]
    const answer = await ask('POST', '/api/images/export', { json: { ids } })
    expect(answer.headers).toMatchObject({ 'content-type': 'application/zip' })
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="easel-2026-11-20-\d{4}-pictures\.zip"/,
    )
    const entries = storedEntries(answer.bytes)
    expect([...entries.keys()]).toEqual([
      'manifest.json',
      '1-easel-2026-11-20-1430-a-fox.png',
      '2-easel-2026-11-20-1430-a-fox.png',
    ])
    expect([...entries.values()].slice(1).map((bytes, index) => pngs[index]?.equals(bytes))).toEqual([
      true,
      true,
    ])
    expect(JSON.parse(entries.get('manifest.json')?.toString() ?? '')).toMatchObject({
      images: [
        { file: '1-easel-2026-11-20-1430-a-fox.png', id: a?.row.id, recipe: { raw_prompt: 'a fox' } },
        { file: '2-easel-2026-11-20-1430-a-fox.png', id: b?.row.id },
      ],
      missing: [gone.row.id],
    })
  })
})

async function* endless() {
  yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n')
  yield Buffer.from([0xff, 0xd8, 0xff])
  for (let piece = 0; piece < 22; piece += 1) yield Buffer.alloc(1024 * 1024)
  yield Buffer.from('\r\n--b--\r\n')
}

/** The entries of a ZIP that does not compress (APPNOTE 4.3.12: the central directory), in its order. */
function storedEntries(zip: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = zip.readUInt32LE(end + 16)
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extraLength, local] = [
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt32LE(at + 42),
    ]
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    entries.set(name, zip.subarray(from, from + size))
    at += 46 + nameLength + extraLength
  }
  return entries
}

describe('an upload', () => {
  test('larger than anybody looks at is scaled down, as it stands upright', async () => {
    const { ask } = await start()
    const photo = await sharp(await sampleJpeg({ width: 3000, height: 2000 }))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { json } = await ask('POST', '/api/uploads', await form(photo, 'holiday.jpg'))
    const upload = Upload.parse(json)
    expect(upload).toMatchObject({ width: 1707, height: 2560 })
    const stored = await ask('GET', upload.url)
    expect(await sharp(stored.bytes).metadata()).toMatchObject({ format: 'png', width: 1707, height: 2560 })
  })

  test('up to that size keeps every pixel', async () => {
    const { ask } = await start()
    const picture = await samplePng({ width: 2560, height: 64 })
    const { json } = await ask('POST', '/api/uploads', await form(picture, 'panorama.png'))
    const stored = await ask('GET', Upload.parse(json).url)
    expect(await sharp(stored.bytes).raw().toBuffer()).toEqual(await sharp(picture).raw().toBuffer())
  })

  test('is kept as PNG without metadata, upright, and fetched by its own address', async () => {
    const { ask, rows, storageDir } = await start()
    const photo = await sharp(await sampleJpeg({ width: 80, height: 40 }))
      .withExif({ IFD0: { Copyright: 'somebody', Orientation: '6' }, IFD3: { GPSLatitude: '52/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const answer = await ask('POST', '/api/uploads', await form(photo, 'holiday.png'))
    expect(answer.status).toBe(201)
    const upload = Upload.strict().parse(answer.json)
    expect(upload).toMatchObject({ width: 40, height: 80, url: `/api/images/${upload.id}/file` })
    const stored = await ask('GET', upload.url)
    const metadata = await sharp(stored.bytes).metadata()
    expect(metadata).toMatchObject({ format: 'png', width: 40, height: 80 })
    expect([metadata.exif, metadata.orientation]).toEqual([undefined, undefined])
    const row = rows.byId(ana, upload.id)
    expect(row).toMatchObject({ source: 'upload', conversationId: null, mime: 'image/png' })
    expect(row?.thumbhash).toEqual(expect.any(String))
    expect(readdirSync(path.join(storageDir, 'uploads', ana))).toEqual([row?.filename])
    expect((await ask('GET', upload.url, { as: 'bob' })).status).toBe(404)
  })

  test('that is not used goes after 24 hours, with its file', async () => {
    const { ask, rows, storageDir, clock } = await start()
    const answer = await ask('POST', '/api/uploads', await form(await samplePng({ width: 40, height: 30 })))
    const { url } = Upload.parse(answer.json)
    const parts = { rows, storageDir, clock, log }
    clock.ms += 24 * 60 * 60 * 1000 - 1
    expect(await removeExpired(parts)).toBe(0)
    clock.ms += 1
    expect(await removeExpired(parts)).toBe(1)
    expect((await ask('GET', url)).status).toBe(404)
    expect(readdirSync(path.join(storageDir, 'uploads', ana))).toEqual([])
  })

  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
  const tiff = Buffer.from('49492a000800000000000000', 'hex')
  test.each<[string, () => Buffer | Promise<Buffer>, number, string]>([
    ['SVG', () => svg, 415, 'unsupported_media_type'],
    ['GIF', () => gif, 415, 'unsupported_media_type'],
    ['TIFF', () => tiff, 415, 'unsupported_media_type'],
    ['text', () => Buffer.from('hello'), 415, 'unsupported_media_type'],
    ['nothing', () => Buffer.alloc(0), 400, 'invalid_request'],
    [
      'a cut-off PNG',
      async () => (await samplePng({ width: 300, height: 300 })).subarray(0, 2000),
      400,
      'invalid_request',
    ],
    [
      '21 MB',
      () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(21 * 1024 * 1024)]),
      413,
      'payload_too_large',
    ],
    [
      'more than 50 megapixels',
      () =>
        sharp({ create: { width: 8000, height: 7000, channels: 3, background: 'red' } })
          .png()
          .toBuffer(),
      413,
      'payload_too_large',
    ],
  ])('of %s named .png is refused and leaves nothing', async (_name, bytes, status, code) => {
    const { ask, storageDir, rows } = await start()
    const answer = await ask('POST', '/api/uploads', await form(await bytes()))
    expect([answer.status, answer.json]).toMatchObject([status, { code }])
    const files = readdirSync(storageDir, { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /^uploads\/[^/]+\//.test(file))).toEqual([])
    expect(rows.gallery(ana, { limit: 50 }).items).toEqual([])
  })

  test('longer than 20 MB whose length was not announced is refused too', async () => {
    const { base } = await start()
    const answer = await request(`${base}/api/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: Readable.from(endless()),
    })
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([413, { code: 'payload_too_large' }])
  })

  test('that is no form, or holds no file, is refused in words', async () => {
    const { ask } = await start()
    const plain = await ask('POST', '/api/uploads', { body: svg, headers: { 'content-type': 'image/png' } })
    expect([plain.status, plain.json]).toMatchObject([415, { code: 'unsupported_media_type' }])
    const empty = new FormData()
    empty.set('words', 'only')
    const fileless = await ask('POST', '/api/uploads', await encoded(empty))
    expect([fileless.status, fileless.json]).toMatchObject([400, { code: 'invalid_request' }])
    const noBoundary = { 'content-type': 'multipart/form-data; x=y' }
    expect((await ask('POST', '/api/uploads', { body: svg, headers: noBoundary })).status).toBe(400)
    const cut = Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nabc')
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    expect((await ask('POST', '/api/uploads', { body: cut, headers })).status).toBe(400)
  })

  test('whose client goes away midway leaves nothing', async () => {
    const { base, storageDir } = await start()
    const folder = path.join(storageDir, 'uploads', ana)
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    const png = await samplePng({ width: 900, height: 900, minBytes: 900_000 })
    const asked = httpRequest(`${base}/api/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '2000000' },
    })
    asked.on('error', () => undefined)
    asked.write(head)
    asked.write(png)
    await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1)
    asked.destroy()
    await expect.poll(() => readdirSync(folder)).toEqual([])
  })

  test('is refused before it is read when the disk is nearly full or the user has had enough', async () => {
    const full = await start({
      assertSpace: () => Promise.reject(new Problem('storage_full', 'The disk is full.')),
    })
    const png = await samplePng({ width: 40, height: 30 })
    expect((await full.ask('POST', '/api/uploads', await form(png))).status).toBe(507)
    const few = await start({ mostBytesPerUser: 1 })
    expect((await few.ask('POST', '/api/uploads', await form(png))).status).toBe(201)
    const second = await few.ask('POST', '/api/uploads', await form(png))
    expect([second.status, second.json]).toMatchObject([507, { code: 'storage_full' }])
    expect((await few.ask('POST', '/api/uploads', { as: 'bob', ...(await form(png)) })).status).toBe(201)
  })

  test('of the same picture twice is one file, which stays while one of them does', async () => {
    const { ask, rows, storageDir } = await start()
    const png = await samplePng({ width: 40, height: 30 })
    const [one, two] = [
      Upload.parse((await ask('POST', '/api/uploads', await form(png))).json),
      Upload.parse((await ask('POST', '/api/uploads', await form(png))).json),
    ]
    expect(one.id).not.toBe(two.id)
    await ask('DELETE', `/api/images/${one.id}`)
    expect((await ask('GET', two.url)).status).toBe(200)
    expect(readFileSync(path.join(storageDir, rows.byId(ana, two.id)?.path ?? '')).length).toBeGreaterThan(0)
  })
})
