import { describe, expect, it } from 'vitest'
import { formulaBegin } from '../../public/markdown/formulas.ts'
import { readBlocks } from '../../public/markdown/read-blocks.ts'
import { columnsOf } from '../../public/markdown/table-columns.ts'
import { wholePart, withoutBegunTable } from '../../public/markdown/unfinished.ts'

describe('of a text that arrives', () => {
  it.each([
    ['See [the almanac](https://exam', 'See [the almanac'],
    ['![a lamp](/api/conversation-im', '![a lamp'],
    ['two sails\n  -', 'two sails'],
    ['a line\n==', 'a line'],
    ['a line\n\n#', 'a line\n'],
    ['a line\n\n12.', 'a line\n'],
    ['a line\n```', 'a line'],
  ])('%j is shown as %j', (text, shown) => {
    expect(wholePart(text)).toBe(shown)
  })

  it.each([
    'See [the almanac](https://example.org)',
    'call list[i](x and y',
    '- a',
    'in 1906',
    'two\n\n',
    'a ** b',
    '',
  ])('%j is shown whole', (text) => {
    expect(wholePart(text)).toBe(text)
  })

  it('a table waits for its first rows, and nothing else does', () => {
    const kinds = (text: string) =>
      withoutBegunTable(readBlocks(text) ?? [])
        .filter(({ type }) => type !== 'space')
        .map(({ type }) => type)
    const head = 'Nights:\n\n| night | wind |'
    const rows = (count: number) => `${head}\n| --- | --- |\n${'| Monday | west |\n'.repeat(count)}`
    expect(kinds(head)).toEqual(['paragraph'])
    expect(kinds(rows(2))).toEqual(['paragraph'])
    expect(kinds(rows(3))).toEqual(['paragraph', 'table'])
    expect(kinds(`${rows(1)}\nafter`)).toEqual(['paragraph', 'table', 'paragraph'])
    expect(kinds('```\n| a |')).toEqual(['code'])
  })
})

describe('the columns of a table', () => {
  const columns = (text: string) => {
    const [table] = readBlocks(text) ?? []
    if (table?.type !== 'table' || !('header' in table)) throw new Error('no table')
    return columnsOf(table as Parameters<typeof columnsOf>[0])
  }

  it('show short cells on one line, and share the rest among long ones', () => {
    const { widths } = columns(
      `| n | about | more |\n| --- | --- | --- |\n| 12345 | ${'words '.repeat(20)} | ${'and '.repeat(20)} |`,
    )
    expect(widths).toEqual([7.5, undefined, undefined])
  })

  it('have room for their longest words', () => {
    const table = (word: string) => `| a | b |\n| --- | --- |\n| one | ${word} and many more of them |`
    expect(columns(table('x'.repeat(20))).least - columns(table('short')).least).toBe(4)
    expect(columns(table('x'.repeat(2000))).least).toBeLessThan(40)
  })
})

describe('the first formula', () => {
  it.each([
    ['The area is $\\pi r^2$', 12],
    ['It costs $5 or US$ and then \\(x\\)', 28],
    ['Then $$2 = 2$$', 5],
    ['```sh\necho $HOME\n```\n`$x$` and $y$', 31],
    ['```sh\necho $HOME', -1],
    ['no formula', -1],
  ])('of %j begins at %i', (text, at) => {
    expect(formulaBegin(text)).toBe(at)
  })
})
