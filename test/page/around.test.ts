import { describe, expect, it } from 'vitest'
import { groupByDay } from '../../public/sidebar/group-by-day.ts'
import { shortcutOf, Shortcuts } from '../../public/app/shortcuts.ts'
import { usualModel } from '../../public/app/usual-models.ts'
import { matching } from '../../public/find/actions.ts'
import type { Conversation } from '../../server/contract/conversations.ts'

describe('shortcuts', () => {
  const press = (keys: string) => {
    const parts = keys.split(' ')
    const has = (name: string) => parts.includes(name)
    return {
      key: parts.at(-1) ?? '',
      ctrlKey: has('ctrl'),
      metaKey: has('meta'),
      shiftKey: has('shift'),
      altKey: has('alt'),
    }
  }
  const nowhere = { inText: false, somethingOpen: false }

  it.each([
    ['ctrl k', nowhere, 'find'],
    ['meta k', { inText: true, somethingOpen: true }, 'find'],
    ['ctrl shift K', nowhere, undefined],
    ['ctrl shift O', { inText: true, somethingOpen: false }, 'new'],
    ['ctrl o', nowhere, undefined],
    ['ctrl .', nowhere, 'panel'],
    ['shift ?', nowhere, 'help'],
    ['shift ?', { inText: true, somethingOpen: false }, undefined],
    ['shift ?', { inText: false, somethingOpen: true }, undefined],
    ['ctrl /', { inText: true, somethingOpen: false }, 'help'],
    ['Escape', { inText: true, somethingOpen: false }, 'stop'],
    ['Escape', { inText: false, somethingOpen: true }, undefined],
    ['shift Escape', nowhere, 'focus'],
    // Right Alt makes letters on many keyboards, and comes with Ctrl on some.
    ['ctrl alt k', nowhere, undefined],
    ['k', nowhere, undefined],
  ] as const)('%s at %j: %s', (keys, place, shortcut) => {
    expect(shortcutOf(press(keys), place)).toBe(shortcut)
  })

  it('stay off when they were switched off', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    }
    new Shortcuts(storage).enable(false)
    expect(new Shortcuts(storage).enabled.value).toBe(false)
    new Shortcuts(storage).enable(true)
    expect([new Shortcuts(storage).enabled.value, kept.size]).toEqual([true, 0])
  })
})

describe('the usual model', () => {
  const models = [
    { id: 'a', available: true, default: true },
    { id: 'b', available: true, default: false },
    { id: 'gone', available: false, default: false },
  ]
  it.each([
    [[undefined, 'b'], { id: 'b', wished: true }],
    [['gone', null, 'b'], { id: 'b', wished: true }],
    [['gone', 'unknown'], { id: 'a', wished: false }],
    [[], { id: 'a', wished: false }],
  ])('of the wishes %j is %j', (wishes, usual) => {
    expect(usualModel(models, wishes)).toEqual(usual)
  })
  it('is none where there are no models', () => {
    expect(usualModel([], ['a'])).toEqual({ id: '', wished: false })
  })
})

describe('actions', () => {
  const actions = ['Settings', 'Theme: dark', 'Language: Deutsch'].map((name) => ({ name, run: () => {} }))
  it.each([
    ['', ['Settings', 'Theme: dark', 'Language: Deutsch']],
    ['d', ['Theme: dark', 'Language: Deutsch']],
    ['  DARK the ', ['Theme: dark']],
    ['lang', ['Language: Deutsch']],
    ['nothing', []],
  ])('found by “%s”', (words, names) => {
    expect(matching(actions, words).map((action) => action.name)).toEqual(names)
  })
})

it('puts pinned conversations before the days, each once', () => {
  const now = Date.UTC(2026, 10, 20, 15)
  const item = (id: string, pinned: boolean, daysAgo: number) =>
    ({ id, pinned, updated_at: new Date(now - daysAgo * 86_400_000).toISOString() }) as Conversation
  const groups = groupByDay([item('a', false, 0), item('b', true, 1), item('c', true, 400)], now, 'en')
  expect(groups.map((group) => [group.name, group.items.map(({ id }) => id)])).toEqual([
    ['Pinned', ['b', 'c']],
    ['Today', ['a']],
  ])
})
