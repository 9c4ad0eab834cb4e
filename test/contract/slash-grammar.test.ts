import { describe, expect, it } from 'vitest'
import { describeCommands } from '../../server/commands/index.ts'
import { nearest, parseSlash } from '../../server/contract/slash-grammar.ts'
import { sayMistake } from '../../server/contract/slash-mistake.ts'
import { wordsIn } from '../../server/texts/words.ts'

const read = (text: string) => parseSlash(text, describeCommands(wordsIn('en')))
const image = (text: string, options = {}) => ({ kind: 'command', name: 'image', text, options })

describe('what is a command', () => {
  it.each([
    ['/image a fox', image('a fox')],
    ['  /IMAGE a fox ', image('a fox')],
    ['/draw a fox', image('a fox')],
    ['/imagine a fox', image('a fox')],
    ['/generate a fox', image('a fox')],
    ['/image', image('')],
    ['please /image a fox', image('please  a fox')],
    ['a fox\n/image', image('a fox')],
    ['see `/image a fox` there', { kind: 'text', text: 'see `/image a fox` there' }],
    ['```\n/image a fox\n```', { kind: 'text', text: '```\n/image a fox\n```' }],
    ['``a ` /image`` b', { kind: 'text', text: '``a ` /image`` b' }],
    ['`/image` now /image a fox', image('`/image` now  a fox')],
    ['path/image a fox', { kind: 'text', text: 'path/image a fox' }],
    ['the file /image/fox.png', { kind: 'text', text: 'the file /image/fox.png' }],
    ['/images of foxes', expect.objectContaining({ kind: 'mistake' })],
    ['please /draw a fox', { kind: 'text', text: 'please /draw a fox' }],
    ['I said /help me', { kind: 'text', text: 'I said /help me' }],
    ['//image a fox', { kind: 'text', text: '/image a fox' }],
    ['/etc/passwd is a file', { kind: 'text', text: '/etc/passwd is a file' }],
    ['/ is a slash', { kind: 'text', text: '/ is a slash' }],
    ['/help', { kind: 'command', name: 'help', text: '', options: {} }],
    ['/memory use --raw umber', { kind: 'command', name: 'memory', text: 'use --raw umber', options: {} }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })
})

describe('options', () => {
  it.each([
    ['/image a fox --n 3', image('a fox', { n: 3 })],
    ['/image --n=3 a fox', image('a fox', { n: 3 })],
    ['/image a fox --aspect 16:9 in snow --raw', image('a fox in snow', { aspect: '16:9', raw: true })],
    ['/image a fox —n 2', image('a fox', { n: 2 })],
    [
      '/image a fox --model "google/gemini-2.5-flash-image"',
      image('a fox', { model: 'google/gemini-2.5-flash-image' }),
    ],
    ['/image a fox -- and a hen', image('a fox -- and a hen')],
    ['/image the word `--n 9` in neon', image('the word `--n 9` in neon')],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['/image a fox --n 5', /--n got "5"; it takes a whole number from 1 to 4/],
    ['/image a fox --n', /--n needs a value/],
    ['/image a fox --n --raw', /--n needs a value/],
    ['/image a fox --n two', /--n got "two"/],
    ['/image a fox --aspect 5:1', /--aspect got "5:1"; it takes one of 1:1, 2:3/],
    ['/image a fox --aspct 1:1', /no option --aspct. Did you mean --aspect\?/],
    ['/image a fox --raw=yes', /--raw takes no value/],
    ['/imgae a fox', /no command \/imgae. Did you mean \/image\?/],
    ['/xyzzyplugh', /no command \/xyzzyplugh. Type \/help/],
  ])('%j is a mistake that says what to do', (text, message) => {
    const slash = read(text)
    expect(slash.kind === 'mistake' && sayMistake(slash.mistake, wordsIn('en').slash)).toMatch(message)
  })

  it.each([
    ['/image a fox --n 5', '--n hat „5“ bekommen; möglich ist eine ganze Zahl von 1 bis 4.'],
    ['/image a fox --model', '--model braucht einen Wert: die Kennung eines Modells, das malt.'],
    ['/image a fox --aspect 5:1', /--aspect hat „5:1“ bekommen; möglich ist eines von 1:1, 2:3/],
    [
      '/image a fox --aspct 1:1',
      '/image kennt keine Option --aspct. Meinst du --aspect? Es gibt --model, --aspect, --n, --raw.',
    ],
    ['/image a fox --raw=yes', '--raw nimmt keinen Wert.'],
    ['/imgae a fox', /Den Befehl \/imgae gibt es nicht. Meinst du \/image\?/],
  ])('%j is told in German', (text, message) => {
    const slash = parseSlash(text, describeCommands(wordsIn('de')))
    const told = slash.kind === 'mistake' ? sayMistake(slash.mistake, wordsIn('de').slash) : ''
    if (typeof message === 'string') expect(told).toBe(message)
    else expect(told).toMatch(message)
  })
})

it('finds the nearest name only where it is near', () => {
  expect(nearest('titel', ['title', 'image'])).toBe('title')
  expect(nearest('sum', ['summary', 'image'])).toBe('summary')
  expect(nearest('qqqqqq', ['title', 'image'])).toBeUndefined()
})

it('reads 32,000 characters of backticks and slashes without hanging', () => {
  expect(read('`'.repeat(32_000)).kind).toBe('text')
  expect(read(' /image'.repeat(4_500)).kind).toBe('command')
  expect(read('` /image '.repeat(3_500)).kind).toMatch(/text|command/)
})
