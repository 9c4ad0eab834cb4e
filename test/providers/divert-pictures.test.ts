import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../server/errors.ts'
import { PictureDiverter, pictureNumber } from '../../server/providers/divert-pictures.ts'
import { cutAt } from './cut-at.ts'
import { memorySink } from './memory-sink.ts'

const limits = { pictures: 4, pictureBytes: 1_000_000, restBytes: 1_000_000 }
const unreadable = (why: string) => new Problem('openrouter_error', why, { reason: 'bad_response' })

async function divert(pieces: readonly Buffer[], { slow = false, limited = limits } = {}) {
  const { sink, pictures } = memorySink({ slow })
  const diverter = new PictureDiverter({ sink, limits: limited, unreadable })
  for (const piece of pieces) await diverter.push(piece)
  const rest = diverter.end()
  return { rest, pictures: pictures.map((picture) => picture.bytes) }
}

const uri = (bytes: number) => `data:image/png;base64,${Buffer.alloc(bytes, 1).toString('base64')}`

/** How a producer of JSON may write the same data: URI. */
const escapings: Record<string, (uri: string) => string> = {
  plain: (uri) => uri,
  'escaped slashes': (uri) => uri.replaceAll('/', '\\/'),
  'everything beyond letters as \\u': (uri) =>
    uri.replaceAll(/[^a-z0-9]/gi, (c) => `\\u00${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
  'line breaks in the payload': (uri) => uri.replaceAll(/[A-Za-z0-9+/]{20}/g, '$&\\r\\n'),
}

describe('pictures inside JSON that arrives in pieces', () => {
  it('are found wherever the JSON is cut and however it is escaped, and the rest stays as it was', async () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('data:image/ is a label'))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 4 }),
        fc.array(texts, { maxLength: 4 }),
        fc.array(fc.nat(3000), { maxLength: 12 }),
        fc.constantFrom(...Object.values(escapings)),
        fc.constantFrom('base64' as const, 'base64url' as const),
        fc.constantFrom('image/png', 'image/jpeg', 'IMAGE/WebP;charset=utf-8', 'image/png;name=a'),
        fc.boolean(),
        async (bytes, words, cuts, escape, alphabet, label, slow) => {
          const uris = bytes.map((one) => `data:${label};base64,${Buffer.from(one).toString(alphabet)}`)
          const json = `{"words":${JSON.stringify(words)},"pictures":[${uris
            .map((uri) => `"${escape(uri)}"`)
            .join(',')}],"ende":"\\"é\\\\"}`
          const { rest, pictures } = await divert(cutAt(Buffer.from(json), cuts), { slow })

          const parsed: unknown = JSON.parse(rest)
          expect(parsed).toEqual({
            words,
            pictures: uris.map((_, index) =>
              expect.toSatisfy((mark: string) => pictureNumber(mark) === index),
            ),
            ende: '"é\\',
          })
          expect(pictures).toEqual(bytes.map((one) => Buffer.from(one)))
        },
      ),
    )
  })

  it('are found at every single place of one cut', async () => {
    const data = Buffer.from('some bytes of a picture')
    const json = Buffer.from(`{"u":"data:image\\/png;base64,${data.toString('base64')}","t":"é"}`)
    for (let place = 0; place <= json.length; place++) {
      const { rest, pictures } = await divert(cutAt(json, [place]))
      expect(rest).toBe('{"u":"easel-picture:0","t":"é"}')
      expect(pictures).toEqual([data])
    }
  })

  it('go in order through a sink that makes them wait, megabytes in one piece', async () => {
    const data = Buffer.alloc(900_000, 'a picture of a fox ')
    const json = Buffer.from(JSON.stringify({ url: `data:image/png;base64,${data.toString('base64')}` }))
    const { pictures } = await divert([json], { slow: true })
    expect(pictures[0]?.equals(data)).toBe(true)
  })

  it('are found in server-sent events, also behind a comment with a stray quote', async () => {
    const stream = [
      ': OPENROUTER "PROCESSING\n\n',
      `data: {"url":"data:image/webp;base64,${Buffer.from('fox').toString('base64')}"}\r\n\r\n`,
      'data: [DONE]\n\n',
    ].join('')
    const { rest, pictures } = await divert([Buffer.from(stream)])
    expect(pictures).toEqual([Buffer.from('fox')])
    expect(rest).toBe(': OPENROUTER "PROCESSING\n\ndata: {"url":"easel-picture:0"}\r\n\r\ndata: [DONE]\n\n')
  })

  it.each([
    ['a label without base64', '{"url":"data:image/svg+xml,<svg/>"}'],
    ['a label without an end', `{"url":"data:image/${'x'.repeat(400)}"}`],
    ['a picture in the middle of a text', '{"t":"see data:image/png;base64,AAAA"}'],
    ['another type', '{"url":"data:audio/wav;base64,AAAA"}'],
    ['an escaped quote in front', String.raw`{"t":"\"data:image/png;base64,AAAA"}`],
  ])('are not seen in %s', async (_, json) => {
    expect(await divert([Buffer.from(json)])).toEqual({ rest: json, pictures: [] })
  })

  const problems: [name: string, json: string, problem: Partial<Problem>][] = [
    ['five pictures', JSON.stringify(Array(5).fill(uri(3))), { code: 'bad_image' }],
    ['a picture beyond the limit', JSON.stringify([uri(1001)]), { code: 'bad_image' }],
    ['no base64', JSON.stringify(['data:image/png;base64,AA%A']), { code: 'bad_image' }],
    ['an escaped quote in the payload', String.raw`["data:image/png;base64,AA\"AA"]`, { code: 'bad_image' }],
    ['half a group at the end', JSON.stringify(['data:image/png;base64,AAAAA']), { code: 'bad_image' }],
    ['an end inside a picture', `["${uri(9)}`, { reason: 'bad_response' }],
    ['an end inside a label', '["data:ima', { reason: 'bad_response' }],
    ['an end inside a text', '["Here yo', { reason: 'bad_response' }],
    ['too much beside the pictures', JSON.stringify(['a'.repeat(2000)]), { reason: 'bad_response' }],
  ]
  it.each(problems)('refuses %s', async (_, json, problem) => {
    const limited = { pictures: 4, pictureBytes: 1000, restBytes: 2000 }
    await expect(divert([Buffer.from(json)], { limited })).rejects.toMatchObject(problem)
  })

  it('takes exactly the limits', async () => {
    const limited = { pictures: 4, pictureBytes: 1000, restBytes: 2000 }
    const { pictures } = await divert([Buffer.from(JSON.stringify(Array(4).fill(uri(1000))))], { limited })
    expect(pictures.map((picture) => picture.length)).toEqual([1000, 1000, 1000, 1000])
  })

  it('writes nothing more once they are discarded, even in the middle of a piece', async () => {
    const { sink, pictures } = memorySink({ slow: true })
    const diverter = new PictureDiverter({ sink, limits, unreadable })
    const pushed = diverter.push(Buffer.from(JSON.stringify([uri(300_000), uri(300)])))
    await diverter.discard()
    await pushed
    expect(pictures).toMatchObject([{ state: 'discarded' }])
  })
})
