import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { anasTalk } from '../support/picture-store.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { startImages } from '../support/image-server.ts'

describe("a picture's bytes", () => {
  test('are answered as stored, with every header that they need', async () => {
    const { ask, addPicture } = await startImages()
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
    const { ask, addPicture } = await startImages()
    const png = await samplePng({ width: 1200, height: 900, minBytes: 3_000_000 })
    const { url } = addPicture(png)
    for (let times = 0; times < 2; times += 1) {
      const answer = await ask('GET', url)
      expect(answer.headers['content-length']).toBe(String(png.length))
      expect(answer.bytes.equals(png)).toBe(true)
    }
  })

  test('are not sent again to who has them, even when the file could not be read', async () => {
    const { ask, addPicture } = await startImages()
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
    const { ask, addPicture } = await startImages()
    const png = await samplePng({ width: 40, height: 30 })
    const { row, url } = addPicture(png)
    const answer = await ask('HEAD', url)
    expect([answer.status, answer.bytes.length]).toEqual([200, 0])
    expect(answer.headers).toMatchObject({ 'content-length': String(png.length), etag: `"${row.sha256}"` })
  })

  test('are found by id as well', async () => {
    const { ask, addPicture } = await startImages()
    const png = await samplePng({ width: 40, height: 30 })
    const { row } = addPicture(png, { conversationId: null, source: 'upload' })
    expect((await ask('GET', `/api/images/${row.id}/file`)).bytes.equals(png)).toBe(true)
  })

  test('come as a WebP preview of the wanted width, with a tag of its own', async () => {
    const { ask, addPicture } = await startImages()
    const { row, url } = addPicture(await samplePng({ width: 900, height: 300 }))
    const answer = await ask('GET', `${url}?w=256`)
    expect(answer.headers).toMatchObject({ 'content-type': 'image/webp', etag: `"${row.sha256}-256"` })
    expect(await sharp(answer.bytes).metadata()).toMatchObject({ format: 'webp', width: 256 })
    const again = await ask('GET', `${url}?w=256`, { headers: { 'if-none-match': `"${row.sha256}-256"` } })
    expect(again.status).toBe(304)
    expect((await ask('GET', `${url}?w=300`)).status).toBe(400)
  })

  test('are saved under a readable name', async () => {
    const { ask, addPicture } = await startImages()
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
      const { ask, addPicture } = await startImages()
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
    const { ask, addPicture } = await startImages()
    const png = await samplePng({ width: 1200, height: 900, minBytes: 3_000_000 })
    const { url, file } = addPicture(png)
    expect((await ask('GET', url)).status).toBe(200)
    writeFileSync(file, Buffer.alloc(png.length, 7))
    expect((await ask('GET', url)).status).toBe(404)
  })
})

describe('what is not a picture of theirs', () => {
  test('answers a stranger exactly as what never was', async () => {
    const { ask, addPicture } = await startImages()
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
      const { ask } = await startImages()
      const answer = await ask('GET', `/api/conversation-image/${anasTalk}/${name}`)
      expect([answer.status, answer.json]).toMatchObject([400, { code: 'invalid_filename' }])
    },
  )

  test('a file that lies in the folder without a row is not answered', async () => {
    const { ask, addPicture } = await startImages()
    const { file } = addPicture(await samplePng({ width: 40, height: 30 }))
    writeFileSync(path.join(path.dirname(file), 'stray.png'), 'x')
    expect((await ask('GET', `/api/conversation-image/${anasTalk}/stray.png`)).status).toBe(404)
  })
})

describe('a client that leaves or stalls', () => {
  test('midway leaves no open file, and the server goes on', async () => {
    const { base, ask, addPicture } = await startImages()
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
    const { base, addPicture } = await startImages()
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
    const { base, ask, addPicture } = await startImages()
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
    const { base, ask, addPicture } = await startImages()
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
