import type { VNode } from 'preact'
import { describe, expect, it } from 'vitest'
import { array, assert, constantFrom, integer, property } from 'fast-check'
import { BlockStream } from '../../public/markdown/block-stream.ts'
import { readBlocks } from '../../public/markdown/read-blocks.ts'
import { renderTokens } from '../../public/markdown/render-tokens.tsx'
import { isOwnPicture, safeLink } from '../../public/markdown/safe-url.ts'
import { segments } from '../../public/markdown/markdown.tsx'

const talk = '01990000-0000-7000-8000-0000000000c1'
const own = `/api/conversation-image/${talk}/img_0123456789abcdef.png`

const picture = (href: string, alt: string) =>
  isOwnPicture(href, talk) ? <img src={href} alt={alt} /> : undefined

interface Drawn {
  tags: string[]
  text: string
  links: string[]
  images: string[]
  attributes: string[]
}

function isVNode(node: unknown): node is VNode<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && 'type' in node && 'props' in node
}

/** What elements, text and addresses a tree of vnodes would put on the page. */
function drawn(
  node: unknown,
  into: Drawn = { tags: [], text: '', links: [], images: [], attributes: [] },
): Drawn {
  if (Array.isArray(node)) for (const one of node) drawn(one, into)
  else if (typeof node === 'string' || typeof node === 'number') into.text += String(node)
  else if (isVNode(node)) {
    const { type, props } = node
    if (typeof type === 'string') {
      into.tags.push(type)
      into.attributes.push(...Object.keys(props).filter((name) => name !== 'children'))
      if (typeof props['href'] === 'string') into.links.push(props['href'])
      if (typeof props['src'] === 'string') into.images.push(props['src'])
      drawn(props['children'], into)
    } else if (typeof type === 'function') {
      const { code, token, inner } = props
      if (typeof code === 'string') into.text += code
      else if (token && inner) into.tags.push('table')
      else drawn(props['children'], into)
    }
  }
  return into
}

function show(markdown: string): Drawn {
  const blocks = readBlocks(markdown)
  if (!blocks) throw new Error('shown as plain text')
  return drawn(renderTokens(blocks, picture))
}

describe('Markdown as elements', () => {
  it('knows what models write', () => {
    const { tags, text } = show(
      '# Head\n\nSome **bold**, *soft*, ~~gone~~ and `code`.\n\n- one\n- two\n\n1. first\n\n> said\n\n---\n\n[x](https://a.example)',
    )
    for (const tag of ['h2', 'strong', 'em', 's', 'code', 'ul', 'ol', 'li', 'blockquote', 'hr', 'a', 'p']) {
      expect(tags).toContain(tag)
    }
    expect(text).toContain('Some bold, soft, gone and code.')
  })

  it('shows raw HTML as text and makes no element of it', () => {
    const bad = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> and <b onclick="x()">bold</b>'
    const { tags, text, attributes } = show(bad)
    expect(text).toContain('<script>alert(1)</script>')
    expect(text).toContain('<img src=x onerror=alert(1)>')
    expect(tags).not.toContain('script')
    expect(tags).not.toContain('img')
    expect(tags).not.toContain('b')
    expect(attributes.filter((name) => /^on|innerHTML/i.test(name))).toEqual([])
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/x',
    '/api/auth/logout',
    'blob:https://a.example/x',
  ])('does not link to %j', (href) => {
    expect(safeLink(href)).toBeUndefined()
    expect(show(`[tap here](<${href}>)`).links).toEqual([])
  })

  it.each(['https://a.example/?q=1&b=2#c', 'http://a.example', 'mailto:ana@a.example'])(
    'links to %s',
    (href) => {
      expect(show(`[tap here](${href})`).links).toEqual([href])
    },
  )

  it('opens links apart from this page', () => {
    const [paragraph] = renderTokens(readBlocks('[x](https://a.example)') ?? [], picture)
    expect(JSON.stringify(paragraph)).toContain('"rel":"noopener noreferrer"')
    expect(JSON.stringify(paragraph)).toContain('"target":"_blank"')
  })

  it('shows pictures of this conversation only; others stay text', () => {
    expect(show(`![mine](${own})`).images).toEqual([own])
    const others = [
      'https://evil.example/pixel.png',
      'data:image/png;base64,AAAA',
      own.replace('c1/', 'c2/'),
      `${own}/../../../auth/me.png`,
      `https://a.example${own}`,
      '/api/images/x/file',
    ]
    for (const href of others) {
      const { images, text } = show(`![other](${href})`)
      expect(images, href).toEqual([])
      expect(text).toContain(href)
    }
  })

  it('puts characters in place of entities, once', () => {
    expect(show('a &amp; b &lt;i&gt; &#8212; &#x1F3A8; &amp;lt; &nosuch; `&amp;`').text).toBe(
      'a & b <i> — 🎨 &lt; &nosuch; &amp;',
    )
  })

  it('parts pictures that stand alone from words', () => {
    const blocks = readBlocks(`before\n\n![a](${own})\n\n![b](${own})\n\nafter ![c](${own})`) ?? []
    const parted = segments(blocks, (hrefs) => hrefs.every((href) => isOwnPicture(href, talk)))
    expect(
      parted.map((segment) => (segment.kind === 'pictures' ? segment.hrefs.length : segment.kind)),
    ).toEqual(['prose', 2, 'prose'])
  })
})

describe('Markdown bombs', () => {
  const deepList = (levels: number) =>
    Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}- a`).join('\n')

  it.each<[string, string]>([
    ['2,000 quotations in each other', '>'.repeat(2000)],
    ['a 2,000-level list', deepList(2000)],
    ['a 120-level list', deepList(120)],
    ['a numbered list in each other on one line', '1. '.repeat(10_000)],
    ['quotations and lists in each other', '> - '.repeat(5000)],
    ['a table of 3,000 columns', `|${'a|'.repeat(3000)}\n|${'-|'.repeat(3000)}\n${'|\n'.repeat(5000)}`],
  ])('shows %s as it was written', (_name, bomb) => {
    // Lexed, each of these takes from half a minute to for ever: more than a test may.
    expect(readBlocks(bomb)).toBeUndefined()
  })

  it.each<[string, string]>([
    ['emphasis in each other', `${'**a _b '.repeat(2000)}x${' b_ a**'.repeat(2000)}`],
    ['bold in each other', `${'**'.repeat(4000)}x${'**'.repeat(4000)}`],
    ['strikes in each other', `${'~~a *b '.repeat(1500)}x${' b* a~~'.repeat(1500)}`],
    ['open brackets', '['.repeat(32_000)],
    ['open pictures', '![a]('.repeat(6000)],
    ['open emphasis', '**a'.repeat(10_000)],
    ['open angle brackets', '<'.repeat(32_000)],
    ['back ticks', '`a '.repeat(10_000)],
    ['one endless word', 'x'.repeat(32_000)],
    ['8,000 paragraphs', '*a\n\n'.repeat(8000)],
  ])('reads %s without hanging and loses no word', (_name, bomb) => {
    expect(show(bomb).text).toMatch(/[ax`[<]/)
  })

  it('still reads what people do write', () => {
    const nested = '- a\n  - b\n    - c\n      1. d\n         > e\n'
    const wide = `|${'h|'.repeat(20)}\n|${'-|'.repeat(20)}\n${`|${'c|'.repeat(20)}\n`.repeat(200)}`
    const emphasised = Array.from({ length: 250 }, (_, at) => `**w${at}** and *v${at}*`).join('\n\n')
    for (const text of [nested, wide, emphasised, '- - -\n\n* * * * * * * * *\n']) {
      expect(readBlocks(text), text.slice(0, 40)).toBeDefined()
    }
  })
})

describe('a text that grows', () => {
  const parts = [
    '# Head\n',
    'a paragraph of words\n',
    '- one\n',
    '  - nested\n',
    '1. first\n',
    '> said\n',
    '```js\n',
    'let x = 1\n',
    '```\n',
    '| a | b |\n|---|---|\n',
    '| 1 | 2 |\n',
    '\n',
    '\n\n',
    '**bold** `code`\n',
    '---\n',
    '<b>html</b>\n',
    '    indented\n',
    'Head\n===\n',
  ]
  const raws = (blocks: readonly { type: string; raw: string }[] | undefined) =>
    blocks?.filter((block) => block.type !== 'space').map(({ type, raw }) => [type, raw.trimEnd()])

  it('ends as the same text read at once, however it was cut', () => {
    assert(
      property(
        array(constantFrom(...parts), { minLength: 1, maxLength: 30 }),
        array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 }),
        (pieces, cuts) => {
          const text = pieces.join('')
          const growing = new BlockStream()
          let at = 0
          for (let turn = 0; at < text.length; turn += 1) {
            at += cuts[turn % cuts.length] ?? 1
            growing.update(text.slice(0, at))
          }
          expect(raws(growing.update(text))).toEqual(raws(readBlocks(text)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('keeps the blocks that stand, so that they are not drawn again', () => {
    const growing = new BlockStream()
    const text = Array.from({ length: 12 }, (_, at) => `paragraph ${at}\n\n`).join('')
    const before = growing.update(text)?.[0]
    const after = growing.update(`${text}more words`)?.[0]
    expect(before).toBeDefined()
    expect(after).toBe(before)
  })

  it('reads only the end of a long answer again', () => {
    const text =
      'Some **words** that a model writes, with `code` and a [link](https://a.example).\n\n'.repeat(700)
    const growing = new BlockStream()
    for (let at = 0; at < text.length; at += 30) growing.update(text.slice(0, at))
    const before = growing.update(text.slice(0, -30)) ?? []
    const after = growing.update(text) ?? []
    expect(after.filter((block, at) => block !== before[at]).length).toBeLessThan(10)
    expect(after.length).toBeGreaterThan(690)
  })

  it('falls back to plain text and comes back with another text', () => {
    const growing = new BlockStream()
    expect(growing.update(`fine\n\n${'>'.repeat(2000)}`)).toBeUndefined()
    expect(growing.update('fine again')).toHaveLength(1)
  })
})
