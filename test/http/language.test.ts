import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeCommands } from '../../server/commands/index.ts'
import { wordsIn } from '../../server/texts/words.ts'
import type { Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
let anna: Client
beforeAll(async () => {
  easel = await startEasel({ offline: true })
  anna = await easel.user('anna')
})
afterAll(() => easel.close())

const json = { accept: 'application/json' }

function say(conversationId: string, messageText: string, language?: string) {
  const headers = language === undefined ? json : { ...json, 'accept-language': language }
  return anna.post(`/send_message/${conversationId}`, { messageText }, headers)
}

describe('what the server says in a conversation', () => {
  it.each([
    [
      '/help title',
      '`/title [neuer Titel]`\n\nDas Gespräch benennen, oder benennen lassen.\n\nAuch: `/rename`.',
    ],
    ['/help imgae', 'Den Befehl `/imgae` gibt es nicht. Meinst du `/image`? `/help` zeigt alle.'],
    ['/title Ein *Abend*', 'Dieses Gespräch heißt jetzt **Ein \\*Abend\\***.'],
    ['/summary', 'Noch gibt es nichts zusammenzufassen.'],
    ['/memory', 'Der Merkzettel ist leer. Mit `/memory <Notiz>` kommt etwas darauf.'],
    ['/memory Ruhe', 'Gemerkt: Ruhe'],
    ['/model', '- `easel/offline-writer` Offline writer, sieht Bilder **(antwortet gerade)**'],
    ['/model easel/offline-writer', 'Ab jetzt antwortet **Offline writer** (`easel/offline-writer`).'],
  ])('%j is answered in German to whom asks for it', async (text, answer) => {
    const { status, body } = await say(await anna.conversation(), text, 'de-AT,de;q=0.9,en;q=0.8')
    expect([status, body.text]).toEqual([200, answer])
  })

  it.each([
    ['/imgae ein Fuchs', 400, /Den Befehl \/imgae gibt es nicht\. Meinst du \/image\?/],
    ['/image ein Fuchs --aspect 5:1', 400, /--aspect hat „5:1“ bekommen; möglich ist eines von 1:1, 2:3/],
    ['/image', 400, /Sag, was gemalt werden soll/],
    ['/retry', 400, /noch keine Antwort/],
    [`/title ${'x'.repeat(300)}`, 400, /höchstens 200 Zeichen; dieser hat 300/],
  ])('%j is refused in German', async (text, refused, message) => {
    const { status, body } = await say(await anna.conversation(), text, 'de')
    expect([status, body.message]).toEqual([refused, expect.stringMatching(message)])
    expect(body.details?.[0]?.message ?? '').not.toMatch(/\bat most\b/)
  })

  it.each([undefined, 'en-GB', 'fr', 'fr;q=0.9,en;q=0.5,de;q=0.4', '*', 'de;q=0', ';;;'])(
    'is English to whom asks for %j',
    async (language) => {
      const { body } = await say(await anna.conversation(), '/memory', language)
      expect(body.text).toBe('The memory pad is empty. Add a note with `/memory <note>`.')
    },
  )

  it('is in the language of whoever asks once more', async () => {
    const first = await say(await anna.conversation(), '/memory', 'de')
    const again = await anna.post(`/api/turns/${first.body.turn_id}/retry`, {}, json)
    expect([first.body.text, again.body.text]).toEqual([
      expect.stringMatching(/^Der Merkzettel/),
      expect.stringMatching(/^The memory pad/),
    ])
  })

  it('names a conversation without a title, until there is one', async () => {
    const made = await anna.post('/api/conversations', {}, { 'accept-language': 'de' })
    const { body } = await anna.post('/api/conversations', {})
    expect([made.body.title, body.title]).toEqual(['Neues Gespräch', 'New conversation'])
    await say(made.body.id, '/image ein Fuchs im Schnee', 'de')
    const titled = async () => (await anna.get(`/api/conversations/${made.body.id}`)).body.title
    await expect.poll(titled, { timeout: 10_000 }).not.toBe('Neues Gespräch')
  })

  it('is told of the commands in the language that is asked for', async () => {
    const german = await anna.get('/api/commands', { headers: { 'accept-language': 'de' } })
    expect(german.body).toEqual(describeCommands(wordsIn('de')))
    expect((await anna.get('/api/commands')).body).toEqual(describeCommands(wordsIn('en')))
  })
})

describe.each(['en', 'de'] as const)('the commands in %s', (language) => {
  it('all have their words, and so have their options', () => {
    const words = describeCommands(wordsIn(language)).flatMap((command) => [
      command.usage,
      command.summary,
      ...command.options.map((option) => option.summary),
    ])
    expect(words.filter((text) => text.trim() === '')).toEqual([])
    for (const { name, usage, options } of describeCommands(wordsIn(language))) {
      expect(usage).toMatch(new RegExp(`^/${name}\\b`))
      for (const option of options) expect(usage).toContain(`--${option.name}`)
    }
  })
})
