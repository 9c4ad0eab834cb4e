import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import sharp from 'sharp'
import { request } from 'undici'
import { describe, expect, test } from 'vitest'
import { Upload } from '../../server/contract/images.ts'
import { Problem } from '../../server/errors.ts'
import { removeExpired } from '../../server/images/remove-picture.ts'
import { ana } from '../support/picture-store.ts'
import { sampleJpeg, samplePng } from '../support/sample-pictures.ts'
import { encoded, form, startImages } from '../support/image-server.ts'

describe('an upload', () => {
  test('larger than anybody looks at is scaled down, as it stands upright', async () => {
    const { ask } = await startImages()
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
    const { ask } = await startImages()
    const picture = await samplePng({ width: 2560, height: 64 })
    const { json } = await ask('POST', '/api/uploads', await form(picture, 'panorama.png'))
    const stored = await ask('GET', Upload.parse(json).url)
    expect(await sharp(stored.bytes).raw().toBuffer()).toEqual(await sharp(picture).raw().toBuffer())
  })

  test('is kept as PNG without metadata, upright, and fetched by its own address', async () => {
    const { ask, rows, storageDir } = await startImages()
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
    const { ask, rows, storageDir, clock } = await startImages()
    const answer = await ask('POST', '/api/uploads', await form(await samplePng({ width: 40, height: 30 })))
    const { url } = Upload.parse(answer.json)
    const parts = { rows, storageDir, clock, log: pino({ level: 'silent' }) }
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
    const { ask, storageDir, rows } = await startImages()
    const answer = await ask('POST', '/api/uploads', await form(await bytes()))
    expect([answer.status, answer.json]).toMatchObject([status, { code }])
    const files = readdirSync(storageDir, { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => /^uploads\/[^/]+\//.test(file))).toEqual([])
    expect(rows.gallery(ana, { limit: 50 }).items).toEqual([])
  })

  test('longer than 20 MB whose length was not announced is refused too', async () => {
    const { base } = await startImages()
    const answer = await request(`${base}/api/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: Readable.from(endless()),
    })
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([413, { code: 'payload_too_large' }])
  })

  test('that is no form, or holds no file, is refused in words', async () => {
    const { ask } = await startImages()
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
    const { base, storageDir } = await startImages()
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
    const full = await startImages({
      assertSpace: () => Promise.reject(new Problem('storage_full', 'The disk is full.')),
    })
    const png = await samplePng({ width: 40, height: 30 })
    expect((await full.ask('POST', '/api/uploads', await form(png))).status).toBe(507)
    const few = await startImages({ mostBytesPerUser: 1 })
    expect((await few.ask('POST', '/api/uploads', await form(png))).status).toBe(201)
    const second = await few.ask('POST', '/api/uploads', await form(png))
    expect([second.status, second.json]).toMatchObject([507, { code: 'storage_full' }])
    expect((await few.ask('POST', '/api/uploads', { as: 'bob', ...(await form(png)) })).status).toBe(201)
  })

  test('of the same picture twice is one file, which stays while one of them does', async () => {
    const { ask, rows, storageDir } = await startImages()
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

async function* endless() {
  yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n')
  yield Buffer.from([0xff, 0xd8, 0xff])
  for (let piece = 0; piece < 22; piece += 1) yield Buffer.alloc(1024 * 1024)
  yield Buffer.from('\r\n--b--\r\n')
}
