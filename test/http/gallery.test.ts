import path from 'node:path'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { listOf } from '../../server/contract/basics.ts'
import { GeneratedImage, ImageRecipe } from '../../server/contract/images.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { startImages } from '../support/image-server.ts'

describe('the gallery', () => {
  test('lists the own pictures by the contract, and narrows', async () => {
    const { ask, add, rows } = await startImages()
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
    const { ask, add } = await startImages()
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
    const { ask, add } = await startImages()
    const row = add()
    const patched = await ask('PATCH', `/api/images/${row.id}`, { json: { starred: true, alt: ' My fox ' } })
    expect(patched.json).toMatchObject({ starred: true, alt: 'My fox' })
    expect((await ask('PATCH', `/api/images/${row.id}`, { json: { prompt: 'x' } })).status).toBe(400)
    expect((await ask('PATCH', `/api/images/${row.id}`, { json: { cost_usd: 0 } })).status).toBe(400)
  })
})

describe('deleting', () => {
  test('takes the file, its previews and the address, but not what another row still shows', async () => {
    const { ask, addPicture } = await startImages()
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
    const { ask, addPicture } = await startImages()
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
