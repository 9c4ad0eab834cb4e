import { describe, expect, it } from 'vitest'
import { offlineProvider } from '../../../server/providers/offline/index.ts'
import type { PromptMessage, WriteRequest } from '../../../server/providers/provider.ts'
import { twoFields } from './paint-offline.ts'

async function written(
  purpose: WriteRequest['purpose'],
  messages: readonly PromptMessage[],
  more: Partial<WriteRequest> = {},
  paceMs = 0,
) {
  const pieces: string[] = []
  const { writer } = offlineProvider({ paceMs })
  if (!writer) throw new Error('the offline provider writes')
  const end = await writer.write({
    model: 'easel/offline-writer',
    purpose,
    messages,
    user: 'someone',
    signal: new AbortController().signal,
    onText: (text) => pieces.push(text),
    ...more,
  })
  return { text: pieces.join(''), pieces, end }
}

const user = (text: string, pictures?: PromptMessage['pictures']): PromptMessage => ({
  role: 'user',
  text,
  ...(pictures ? { pictures } : {}),
})
const model = (text: string): PromptMessage => ({ role: 'assistant', text })

describe('the offline writer', () => {
  it('streams a few words at a time and ends with what it spent', async () => {
    const { text, pieces, end } = await written('chat', [user('Hello!')])
    expect(pieces.length).toBeGreaterThan(10)
    for (const piece of pieces) expect(piece.trim().split(/\s+/).length).toBeLessThanOrEqual(3)
    expect(end).toMatchObject({ finish: 'stop', spent: { costMicro: 0, upstreamId: undefined } })
    expect(text).toMatch(/^Hello!/)
  })

  it('gives the same words for the same messages', async () => {
    const messages = [user('Why is the sea blue?')]
    expect((await written('chat', messages)).text).toBe((await written('chat', messages)).text)
  })

  it('stops at the most tokens and says so', async () => {
    const { text, end } = await written('chat', [user('Hello!')], { maxTokens: 5 })
    expect(text.length).toBeLessThanOrEqual(20)
    expect(end).toMatchObject({ finish: 'length' })
  })

  it('throws the reason when it is aborted before and between pieces', async () => {
    await expect(
      written('chat', [user('Hello!')], { signal: AbortSignal.abort(new Error('not now')) }),
    ).rejects.toThrow('not now')
    const stop = new AbortController()
    const seen: string[] = []
    const onText = (text: string) => {
      seen.push(text)
      if (seen.length === 2) stop.abort(new Error('enough'))
    }
    await expect(written('chat', [user('Hello!')], { signal: stop.signal, onText }, 1)).rejects.toThrow(
      'enough',
    )
    expect(seen).toHaveLength(2)
  })
})

describe('chat', () => {
  it('says once that no language model stands behind it, and how to connect one', async () => {
    const first = await written('chat', [{ role: 'system', text: 'Be plain.' }, user('Hello!')])
    expect(first.text).toContain('no language model')
    expect(first.text).toContain('OPENROUTER_API_KEY')
    expect(first.text).toContain('/image')
    const second = await written('chat', [user('Hello!'), model(first.text), user('I keep bees in Norway')])
    expect(second.text).not.toContain('OPENROUTER_API_KEY')
  })

  it('refers to what was said', async () => {
    const { text } = await written('chat', [user('Hi'), model('Hello'), user('What do bees in Norway eat?')])
    expect(text).toContain('bees')
    expect(text).toContain('Norway')
  })

  it('answers about pictures from their measured colours, brightness and description', async () => {
    const picture = {
      ...(await twoFields('#f6b070', '#0c1a50', 600, 400)),
      description: 'A harbour at dusk.',
    }
    const { text } = await written('chat', [user('Hi'), model('Hello'), user('What do you see?', [picture])])
    expect(text).toContain('1 picture')
    expect(text).toContain('600 \u00d7 400')
    expect(text).toMatch(/deep blue/)
    expect(text).toMatch(/orange/)
    expect(text).toContain('brightest in the upper third')
    expect(text).toContain('A harbour at dusk.')
  })

  it('sees dark and light for what they are', async () => {
    const dark = await written('chat', [user('Describe it', [await twoFields('#050505', '#101010')])])
    const light = await written('chat', [user('Describe it', [await twoFields('#fafafa', '#f0f0f0')])])
    expect(dark.text).toContain('very dark')
    expect(light.text).toContain('very bright')
  })

  it('tells several pictures apart', async () => {
    const pictures = [await twoFields('#c02020', '#c02020'), await twoFields('#2040c0', '#2040c0')]
    const { text } = await written('chat', [user('Compare these', pictures)])
    expect(text).toMatch(/Picture 1, .*red[\s\S]*Picture 2, .*blue/)
  })

  it('does not take the note about shown pictures for the user\u2019s words', async () => {
    const note =
      'My bees live in a blue house\n\n[You are shown this picture:\n1. Picture 3: a volcano with zebras]'
    const { text } = await written('chat', [user('Hi'), model('Hello'), user(note)])
    expect(text).toContain('bees')
    expect(text).not.toContain('zebras')
  })

  it('offers the command to somebody who asks for a picture in plain words', async () => {
    const { text } = await written('chat', [
      user('Hi'),
      model('Hello'),
      user('Please draw me a fox in the snow!'),
    ])
    expect(text).toContain('`/image a fox in the snow`')
  })
})

describe('chat in plain words', () => {
  const answer = async (...told: string[]) =>
    (await written('chat', [user('Hi'), model('Hello'), ...told.map((text) => user(text))])).text

  const rows: [asked: string, says: RegExp, not: RegExp][] = [
    [
      'Can you draw me a picture of the lighthouse in a storm?',
      /`\/image the lighthouse in a storm`/,
      /I see/,
    ],
    ['make it darker', /`\/image make it darker`/, /noted|in mind/],
    ['Can you write me a haiku about the sea?', /takes a language model.*`\/image the sea`/, /haiku,/],
    [
      'What is the capital of France?',
      /\u201cWhat is the capital of France\?\u201d is a question for/,
      /\/image/,
    ],
    ['12 * 14?', /is a question for a language model/, /\/image/],
    ['I feel sad today', /no good answer/, /feel|understood/i],
    ['asdf', /no good answer/, /asdf/],
    [
      'I am planning a story about a lighthouse keeper and her cat.',
      /`\/image a lighthouse keeper and her cat`/,
      /planning/i,
    ],
    ['Wie geht es dir?', /Frage für ein Sprachmodell/, /language model|\/image/],
    ['Male mir einen Leuchtturm bei Nacht', /`\/image einen Leuchtturm bei Nacht`/, /noted/],
    ['Was kannst du?', /Ohne Sprachmodell kann ich dies/, /language model/],
  ]
  for (const [asked, says, not] of rows) {
    it(`answers "${asked}" as somebody would`, async () => {
      const text = await answer(asked)
      expect(text).toMatch(says)
      expect(text).not.toMatch(not)
    })
  }

  it('finds what somebody told before, and says nothing of what nobody told', async () => {
    const told = 'Our lighthouse keeper is called Ida. It storms often.'
    expect(await answer(told, 'What did I tell you about Ida?')).toContain(
      '- Our lighthouse keeper is called Ida.',
    )
    expect(await answer(told, 'What did I tell you about Oslo?')).not.toContain('Ida')
  })

  it('sums up what was told, not how it was answered', async () => {
    const { text } = await written('summary', [
      user(
        'New messages:\nUser: The harbour has a red crane.\nModel: A language model is not connected.\nUser: The crane is old.\nModel: A language model is not connected.\nUser: ?',
      ),
    ])
    expect(text).toContain('about crane')
    expect(text).toContain('The user said: The harbour has a red crane.')
    expect(text).not.toMatch(/language|said: \?/)
  })
})

const refine = async (text: string): Promise<string> =>
  (await written('refine', [{ role: 'system', text: 'Refine.' }, user(text)])).text

describe('refine', () => {
  it('wishes no calm into a storm', async () => {
    expect(await refine('Image prompt:\na storm over a harbour, oil painting')).not.toContain('calm')
    expect(await refine('Image prompt:\nein Sturm über dem Meer, Ölgemälde')).not.toContain('ruhig')
    expect(await refine('Image prompt:\nthe sea at noon, oil painting')).toContain('calm')
  })

  it('keeps the words and adds what they leave open', async () => {
    const refined = await refine('Image prompt:\nplease paint me a fox')
    expect(refined).toMatch(/^A fox\. /)
    expect(refined).toContain('daylight')
    expect(refined.match(/[.!?](\s|$)/g)?.length).toBeLessThanOrEqual(3)
  })

  it('adds no light and no style where they are told', async () => {
    const refined = await refine('Image prompt:\na watercolour painting of a mountain at sunrise')
    expect(refined).toMatch(/^A watercolour painting of a mountain at sunrise\./)
    expect(refined).not.toMatch(/daylight|gouache/)
  })

  it('names what the words point back to', async () => {
    const context =
      'Recent messages:\nUser: /image a lighthouse on a cliff\nModel: [Picture 1: a lighthouse; mostly deep blue]\n\n'
    expect(await refine(`${context}Image prompt:\nmake it darker`)).toBe(
      'Make it darker: a lighthouse on a cliff.',
    )
    expect(await refine(`${context}Image prompt:\nthe same place in winter`)).toContain(
      'a lighthouse on a cliff',
    )
  })

  it('takes up what the conversation says about the subject and the pinned look', async () => {
    const refined = await refine(
      'Memory pad:\n- always in ink\n\nRelevant earlier parts:\nMira\u2019s house has a red roof. We ate soup.\n\nImage prompt:\nMira\u2019s house at night',
    )
    expect(refined).toContain('red roof')
    expect(refined).toContain('ink')
    expect(refined).not.toContain('soup')
  })

  it('does not take measured colours of an earlier picture for a wish', async () => {
    const refined = await refine(
      'Recent messages:\nUser: /image a fox\nModel: [Picture 1: a fox; mostly deep blue and olive]\n\nImage prompt:\na fox and a bear',
    )
    expect(refined).not.toContain('olive')
  })

  it('leaves a long prompt as it is', async () => {
    const long = `A ${'very '.repeat(80)}old tower`
    expect(await refine(`Image prompt:\n${long}`)).toBe(`${long}.`)
  })
})

describe('the small tasks', () => {
  it.each([
    [
      'User: /image a watercolour painting of a mountain at sunrise\nModel: Here.',
      'Watercolour painting of mountain at sunrise',
    ],
    ['User: Picture wanted: a storm over a harbour --aspect 16:9 --n 2\nModel: Here.', 'Storm over harbour'],
    ['User: Can you tell me how volcanoes work?\nModel: Yes.', 'Tell me how volcanoes work'],
    ['User: "Quoted" words about `code`\nModel: Yes.', 'Quoted words about code'],
  ])('titles %j', async (text, title) => {
    expect((await written('title', [user(text)])).text).toBe(title)
  })

  it('sums up in two to five sentences from the summary and the new messages', async () => {
    const { text } = await written('summary', [
      user(
        'Summary so far:\nThe user lives by the sea. They like lighthouses.\n\nNew messages:\nUser: I want a storm over the harbour. With rain.\nModel: Here it is.\nUser: Now the harbour at night.',
      ),
    ])
    expect(text).toContain('lives by the sea')
    expect(text).toContain('storm over the harbour')
    expect(text).toContain('harbour at night')
    const sentences = text.match(/[.!?](\s|$)/g) ?? []
    expect(sentences.length).toBeGreaterThanOrEqual(2)
    expect(sentences.length).toBeLessThanOrEqual(5)
  })

  it('does not let summaries of summaries grow', async () => {
    let summary = ''
    for (let round = 0; round < 12; round++) {
      const text = `Summary so far:\n${summary}\n\nNew messages:\nUser: Tell me of ship number ${round} and its crew.\nModel: It sailed far.`
      summary = (await written('summary', [user(text)])).text
    }
    expect(summary.length).toBeLessThan(900)
    expect(summary).toContain('ship number 11')
  })

  it('extracts the sentences that share words with the prompt', async () => {
    const passages =
      'Passages:\n- My house has a red roof. We went to Spain.\n- The cat is grey.\n\nImage prompt:\n'
    expect((await written('extract', [user(`${passages}the houses at night`)])).text).toBe(
      'My house has a red roof.',
    )
  })

  it('paints what was talked about when that is asked for', async () => {
    const refined = await refine(
      'Recent messages:\nUser: I am planning a story about a lighthouse keeper and her grey cat.\nModel: Good.\nUser: She lives on a rocky island. I had soup.\n\nImage prompt:\ndraw what we just talked about',
    )
    expect(refined).toMatch(/^A lighthouse keeper and her grey cat\. She lives on a rocky island\. /)
    expect(refined).not.toMatch(/soup|talked/)
  })

  it('extracts nothing where nothing fits', async () => {
    const { pieces, end } = await written('extract', [
      user('Passages:\n- The cat is grey.\n\nImage prompt:\na volcano'),
    ])
    expect(pieces).toEqual([])
    expect(end).toMatchObject({ finish: 'stop' })
  })

  it('describes by prompt and colours: a caption, then a sentence', async () => {
    const pictures = [await twoFields('#f6b070', '#0c1a50')]
    const lines = (
      await written('describe', [user('Image prompt:\na harbour at dusk, watercolour', pictures)])
    ).text.split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe('Harbour at dusk, watercolour')
    expect(lines[1]).toMatch(/^A harbour at dusk, watercolour; mostly .*(deep blue|orange).*\.$/)
  })

  it('describes an upload by its colours alone', async () => {
    const pictures = [await twoFields('#1f8f4a', '#1f8f4a')]
    const lines = (await written('describe', [user('Image prompt:\n', pictures)])).text.split('\n')
    expect(lines).toEqual(['Green picture', expect.stringMatching(/^A wide picture, mostly green, .*\.$/)])
  })
})

describe('in German', () => {
  const lit = async () => ({
    ...(await twoFields('#f6b070', '#0c1a50', 600, 400)),
    description: 'Ein Hafen am Abend; vor allem Blau, hell.',
  })

  it.each([
    'Was ist auf dem Bild zu sehen?',
    'Was siehst du darauf?',
    'Wie hell ist es?',
    'Welche Farben hat es?',
    'Beschreib es bitte.',
  ])('%j is a question about the picture', async (question) => {
    const { text } = await written('chat', [user('Hallo'), model('Hallo!'), user(question, [await lit()])])
    expect(text).toMatch(/^Ich sehe 1 Bild, 600 × 400: vor allem (Orange|Dunkelblau) und /)
    expect(text).toContain('am hellsten im oberen Drittel. Beschrieben ist es so: Ein Hafen am Abend.')
    expect(text).not.toMatch(/\b(mostly|described|picture)\b/)
  })

  it('says several pictures, what it cannot tell, and what was said so far', async () => {
    const two = [await lit(), await twoFields('#000000', '#000000')]
    const seen = await written('chat', [
      user('Hallo'),
      model('Hallo!'),
      user('Wer ist auf den Bildern?', two),
    ])
    expect(seen.text).toMatch(
      /^Ich sehe 2 Bilder:\n\n- Bild 1, [^]*- Bild 2, .*Schwarz, sehr dunkel[^]*Ich messe Bilder/,
    )
    const wished = await written('chat', [user('x'), model('x'), user('Kannst du mir bitte ein Boot malen?')])
    expect(wished.text).toContain('`/image ein Boot`')
    const talk = [user('Mein Boot heißt Möwe.'), model('Schön.'), user('Fasse bitte alles zusammen')]
    expect((await written('chat', talk)).text).toBe('Bisher hast du gesagt:\n\n- Mein Boot heißt Möwe.')
  })

  it('goes by the page where the words tell no language, and by the words where they do', async () => {
    const say = async (text: string, language: 'en' | 'de') =>
      (await written('chat', [user('x'), model('x'), user(text)], { language })).text
    expect(await say('Zweiundvierzig!', 'de')).toMatch(/^Ohne Sprachmodell/)
    expect(await say('42!', 'en')).toMatch(/^Without a language model/)
    expect(await say('What was the colour of it?', 'de')).toMatch(/is a question for a language model/)
    expect(await say('Was kannst du?', 'en')).toMatch(/^Ohne Sprachmodell/)
  })

  it('refines, describes, sums up and titles', async () => {
    const castle = await written('refine', [user('Image prompt:\nein roter Drache über einer Burg')])
    expect(castle.text).toMatch(/^Ein roter Drache über einer Burg\. In Gouache gemalt, weiches Tageslicht, /)
    const help = 'User: Was kannst du?\nModel: - das letzte Bild verändern: `/image mach es dunkler`'
    const wanted = 'User: Picture wanted: ein Fuchs im Wald\nModel: Hier.'
    const changed = await written('refine', [
      user(`Recent messages:\n${help}\n${wanted}\n\nImage prompt:\nmach es dunkler`),
    ])
    expect(changed.text).toBe('Mach es dunkler: ein Fuchs im Wald.')
    const asked = await written('refine', [
      user('Recent messages:\nUser: Wer wohnt hier?\nModel: Niemand.\n\nImage prompt:\nmach es dunkler'),
    ])
    expect(asked.text).not.toContain('wohnt')
    const described = await written('describe', [user('Image prompt:\nEin Fuchs im Wald', [await lit()])])
    expect(described.text).toMatch(/^Fuchs im Wald\nEin Fuchs im Wald; vor allem /)
    const summary = await written('summary', [
      user(`New messages:\n${wanted}\nUser: Der Fuchs soll schlafen.\nModel: Gut.`),
    ])
    expect(summary.text).toBe(
      'Im Gespräch geht es um Fuchs. Gesagt wurde: ein Fuchs im Wald. Gesagt wurde: Der Fuchs soll schlafen.',
    )
    expect((await written('title', [user('User: Der Turm am Meer ist alt.')])).text).toBe(
      'Turm am Meer ist alt',
    )
  })
})
