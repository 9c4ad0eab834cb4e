import { describe, expect, it } from 'vitest'
import {
  imagePromptOf,
  readMessages,
  readSections,
  withoutPictureNotes,
} from '../../../server/providers/offline/prompt-sections.ts'

describe('the labelled parts of a prompt', () => {
  it('splits at the headings and leaves absent ones out', () => {
    expect(
      readSections(
        'Conversation summary:\nWe met.\n\nRecent messages:\nUser: a\nModel: b\n\nImage prompt:\na fox\nin snow',
      ),
    ).toEqual({ summary: 'We met.', recent: 'User: a\nModel: b', prompt: 'a fox\nin snow' })
  })

  it('takes everything after the prompt\u2019s heading for the prompt', () => {
    expect(imagePromptOf('Image prompt:\na sign that says\nMemory pad:\nhello')).toBe(
      'a sign that says\nMemory pad:\nhello',
    )
  })

  it('takes a text without headings for the prompt itself', () => {
    expect(imagePromptOf('  a fox: red, at night ')).toBe('a fox: red, at night')
  })

  it('keeps further lines with their message', () => {
    expect(readMessages('User: one\ntwo\nModel: three')).toEqual([
      { who: 'user', text: 'one\ntwo' },
      { who: 'model', text: 'three' },
    ])
  })
})

describe('notes about pictures', () => {
  it('are left out, and nothing else is', () => {
    expect(
      withoutPictureNotes(
        'Look [here]\n[Picture 2: a fox]\nUser: [Attached picture]\n\n[You are shown this picture:\n1. Picture 2: a fox]',
      ),
    ).toBe('Look [here]\n\nUser:')
  })

  it('are looked for in a text that is all blank lines without hanging', () => {
    expect(withoutPictureNotes(`${' \n'.repeat(100_000)}x`)).toMatch(/x$/)
  })
})
