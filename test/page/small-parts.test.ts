import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../server/contract/conversations.ts'
import { inviteIn } from '../../public/account/sign-in.tsx'
import { pictureBlob } from '../../public/app/picture-blob.ts'
import { pathOf, placeOf } from '../../public/app/router.ts'
import { filtersOf, galleryPath, noFilters, type Filters } from '../../public/gallery/filters.ts'
import { keyboardLift } from '../../public/composer/use-keyboard-lift.ts'
import { downloadName } from '../../public/conversation/download-name.ts'
import { placeholderOf } from '../../public/conversation/placeholder.ts'
import { ratioOf, shapeOf } from '../../public/conversation/frame-shape.ts'
import { aspectRatios, imagePromptLimit, messageTextLimit, previewWidths } from '../../public/sdk/limits.ts'
import { groupByDay } from '../../public/sidebar/group-by-day.ts'
import * as images from '../../server/contract/images.ts'
import * as turns from '../../server/contract/turns.ts'

describe('addresses', () => {
  it.each([
    ['/', '', { page: 'conversation', id: undefined }],
    ['/c/01990000-0000', '', { page: 'conversation', id: '01990000-0000' }],
    ['/c/01990000-0000/', '', { page: 'conversation', id: '01990000-0000' }],
    ['/c/../x', '', { page: 'conversation', id: undefined }],
    ['/register', '?invite=abc', { page: 'register', invite: 'abc' }],
    ['/register', '', { page: 'register', invite: undefined }],
    ['/sign-in', '', { page: 'sign-in' }],
    ['/gallery', '', { page: 'gallery', query: '' }],
    ['/gallery', '?q=sea', { page: 'gallery', query: 'q=sea' }],
    ['/anything', '', { page: 'conversation', id: undefined }],
  ])('%s%s', (path, search, place) => {
    expect(placeOf(path, search)).toEqual(place)
  })

  it('come back as they went', () => {
    expect(placeOf(pathOf('abc'), '')).toEqual({ page: 'conversation', id: 'abc' })
    expect(pathOf(undefined)).toBe('/')
  })

  it.each<[string, Filters]>([
    ['/gallery', noFilters],
    ['/gallery?q=a+%26+b', { ...noFilters, q: 'a & b' }],
    [
      '/gallery?q=sea&starred=1&model=some%2Fpainter&source=upload&time=week',
      { q: 'sea', starred: true, model: 'some/painter', source: 'upload', time: 'week' },
    ],
  ])('hold the filters of the gallery: %s', (path, filters) => {
    expect(galleryPath(filters)).toBe(path)
    expect(filtersOf(path.split('?')[1] ?? '')).toEqual(filters)
  })

  it.each(['starred=yes', 'source=toString', 'time=decade', 'other=1'])(
    'of the gallery without sense: %s',
    (query) => {
      expect(filtersOf(query)).toEqual(noFilters)
    },
  )

  it('hold an invitation, as a code or a whole link', () => {
    expect(inviteIn(' abc ')).toBe('abc')
    expect(inviteIn('https://easel.example/register?invite=abc')).toBe('abc')
  })
})

describe('a keyboard over the page', () => {
  it.each([
    ['hides the lower part', { height: 460, offsetTop: 0, scale: 1 }, 340],
    ['hides less of it once the page has made way', { height: 460, offsetTop: 200, scale: 1 }, 140],
    ['hides nothing once it has made way wholly', { height: 460, offsetTop: 340, scale: 1 }, 0],
    ['is not there', { height: 800, offsetTop: 0, scale: 1 }, 0],
    ['is not what a bar of the browser is', { height: 744, offsetTop: 0, scale: 1 }, 0],
    ['is not what two fingers have done', { height: 400, offsetTop: 100, scale: 2 }, 0],
  ])('%s', (_what, seen, lift) => {
    expect(keyboardLift(800, seen)).toBe(lift)
  })
})

describe('a download', () => {
  it.each([
    ['A lighthouse, at Dawn!', 'easel-2026-11-20-14-05-09-a-lighthouse-at-dawn.png'],
    ['Ærø — ünïcode 日本', 'easel-2026-11-20-14-05-09-ærø-unicode-日本.png'],
    ['../../etc/passwd', 'easel-2026-11-20-14-05-09-etc-passwd.png'],
    ['', 'easel-2026-11-20-14-05-09.png'],
    ['x'.repeat(5000), `easel-2026-11-20-14-05-09-${'x'.repeat(40)}.png`],
  ])('of %j has a name that sorts by time', (words, name) => {
    expect(downloadName('2026-11-20T14:05:09.123Z', words)).toBe(name)
  })
})

describe('a picture in a data: URI', () => {
  it('becomes its bytes', async () => {
    const blob = pictureBlob(`data:image/png;base64,${btoa('\u0089PNG')}`)
    expect(blob?.type).toBe('image/png')
    expect([...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())]).toEqual([0x89, 80, 78, 71])
  })

  it.each([
    'data:image/svg+xml;base64,AAAA',
    'data:text/html;base64,AAAA',
    'https://a.example/x.png',
    'data:image/png,x',
  ])('is not %s', (uri) => {
    expect(pictureBlob(uri)).toBeUndefined()
  })
})

describe('the shape of a frame', () => {
  it('is what was asked for, else a square', () => {
    expect(ratioOf('7:5')).toBe('7 / 5')
    expect(ratioOf('constructor')).toBe('1 / 1')
    expect(ratioOf('wide; color: red')).toBe('1 / 1')
  })

  it('is the one that models send for it', () => {
    expect(ratioOf('16:9')).toBe('1344 / 768')
    expect(ratioOf(undefined)).toBe('1 / 1')
  })

  it('stays when the picture fills it well enough, and is else the picture’s own', () => {
    expect(shapeOf({ width: 1376, height: 768 }, '16:9')).toBe('1344 / 768')
    expect(shapeOf({ width: 1376, height: 768 })).toBe('1376 / 768')
    expect(shapeOf({ width: 1024, height: 768 }, '16:9')).toBe('1024 / 768')
  })

  it('has a placeholder only where there is a hash', () => {
    expect(placeholderOf('1QcSHQRnh493V4dIh4eXh1h4kJUI')).toMatch(/^url\(data:image\/png;base64,/)
    expect(placeholderOf(null)).toBe('')
    expect(placeholderOf('not base64!')).toBe('')
  })
})

describe('the list of conversations', () => {
  const at = (updatedAt: string) => ({ id: updatedAt, updated_at: updatedAt }) as Conversation

  it('stands under days', () => {
    const now = new Date(2026, 10, 20, 15).getTime()
    const on = (month: number, date: number, year = 2026) => at(new Date(year, month, date, 9).toISOString())
    const groups = groupByDay(
      [on(10, 20), on(10, 19), on(10, 16), on(9, 3), on(9, 1), on(4, 5, 2025)],
      now,
      'en',
    )
    expect(groups.map((group) => [group.name, group.items.length])).toEqual([
      ['Today', 1],
      ['Yesterday', 1],
      ['Last 7 days', 1],
      ['October', 2],
      ['May 2025', 1],
    ])
  })
})

describe('the limits said again for the page', () => {
  it('are the contract’s', () => {
    expect(aspectRatios).toEqual([...images.aspectRatios])
    expect(previewWidths).toEqual(images.previewWidths)
    expect([messageTextLimit, imagePromptLimit]).toEqual([turns.messageTextLimit, turns.imagePromptLimit])
  })
})
