import { describe, expect, it } from 'vitest'
import { describeCommands } from '../../server/commands/index.ts'
import type { ModelLists } from '../../server/contract/lists.ts'
import { wordsIn } from '../../server/texts/words.ts'
import { suggest } from '../../public/composer/suggestions.ts'

const commands = describeCommands(wordsIn('en'))

const model = { provider: 'p', notes: '', default: true, vision: true, available: true }
const models: ModelLists = {
  image: [
    { ...model, id: 'google/nano', name: 'Nano' },
    { ...model, id: 'openai/gpt', name: 'GPT', available: false },
  ],
  chat: [{ ...model, id: 'anthropic/haiku', name: 'Haiku' }],
  refine: 'anthropic/haiku',
  offline: false,
}
const at = (text: string, caret = text.length) => suggest(text, caret, commands, models)
const labels = (text: string, caret?: number) => at(text, caret)?.items.map((item) => item.label)

describe('suggestions at the caret', () => {
  it('offers every command for a bare slash', () => {
    expect(labels('/')).toHaveLength(commands.length)
  })

  it.each([
    ['/im', '/image'],
    ['/IM', '/image'],
    ['/dr', '/draw'],
    ['/mem', '/memory'],
    ['/ummar', '/summary'],
    ['/smry', '/summary'],
  ])('finds for %s first %s', (typed, label) => {
    expect(labels(typed)?.[0]).toBe(label)
  })

  it('puts a command in place of what was typed', () => {
    expect(at('/im')).toMatchObject({ kind: 'commands', from: 0, items: [{ insert: '/image ' }] })
  })

  it('lets Enter send a command that needs no words', () => {
    expect(at('/help')?.items[0]?.complete).toBe(true)
    expect(at('/image')?.items[0]?.complete).toBe(false)
  })

  it.each([
    ['/image a fox --', ['--model', '--aspect', '--n', '--raw']],
    ['/image a fox --a', ['--aspect']],
    ['/image a fox --spct', ['--aspect']],
    ['/image a fox --n', ['--n 1', '--n 2', '--n 3', '--n 4']],
    ['/image --n 2 a fox --', ['--model', '--aspect', '--raw']],
    ['/image a fox --n ', ['1', '2', '3', '4']],
    ['/image a fox --aspect 16', ['16:9']],
    ['/image a fox --aspect=9', ['9:16']],
    ['/image a fox --model ', ['google/nano']],
    ['please /image a fox --r', ['--raw']],
    ['/model ', ['anthropic/haiku']],
  ])('offers for %j', (typed, expected) => {
    expect(labels(typed)).toEqual(expected)
  })

  it('replaces from the option on, and keeps what is before', () => {
    const found = at('/image a fox --as')
    expect('/image a fox --as'.slice(0, found?.from)).toBe('/image a fox ')
    expect(found?.items[0]?.insert).toBe('--aspect ')
  })

  it.each([
    '',
    'hello',
    'a/b',
    'look at /usr/bin',
    '/image a fox',
    '/image a fox --aspect 16:9',
    '/image a fox --aspect 16:9 ',
    'a -- b',
    '/nothing',
    '/usr/bin --n ',
  ])('keeps quiet for %j', (typed) => {
    expect(at(typed)).toBeUndefined()
  })

  it('keeps quiet within a word', () => {
    expect(at('/image', 3)).toBeUndefined()
  })
})
