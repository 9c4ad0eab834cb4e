// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import { parseAst } from 'vite'
import { afterEach, describe, expect, it } from 'vitest'
import { problems as german } from '../../public/texts/problems-de.ts'
import { saySentence, sayProblem } from '../../public/texts/say-problem.ts'
import { speak } from '../../public/texts/texts.ts'

/** A node of the syntax tree, as far as it is looked at here. */
type Node = Record<string, unknown>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null

function eachNode(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) eachNode(one, visit)
  else if (isNode(value)) {
    visit(value)
    for (const inner of Object.values(value)) eachNode(inner, visit)
  }
}

/** A string as the source has it, with `{}` for what is put into it; both of them where there are two. */
function spelled(value: unknown): string[] {
  if (!isNode(value)) return []
  if (value['type'] === 'Literal') return typeof value['value'] === 'string' ? [value['value']] : []
  if (value['type'] === 'ConditionalExpression')
    return [...spelled(value['consequent']), ...spelled(value['alternate'])]
  if (value['type'] !== 'TemplateLiteral' || !Array.isArray(value['quasis'])) return []
  return [value['quasis'].map((piece: { value: { cooked: string } }) => piece.value.cooked).join('{}')]
}

const sources = globSync('server/**/*.ts').map((file) => parseAst(readFileSync(file, 'utf8'), { lang: 'ts' }))

/** Every string of the server, and the codes and sentences of its problems. */
function saidByTheServer() {
  const strings = new Set<string>()
  const problems: { code: string; message: string }[] = []
  for (const source of sources) {
    eachNode(source, (node) => {
      for (const text of spelled(node)) strings.add(text)
      const { type, callee, arguments: given } = node
      if (type !== 'NewExpression' || !isNode(callee) || callee['name'] !== 'Problem') return
      const [codes, messages] = Array.isArray(given) ? [spelled(given[0]), spelled(given[1])] : [[], []]
      for (const code of codes) for (const message of messages) problems.push({ code, message })
    })
  }
  return { strings: [...strings], problems }
}

/** Refusals of what the page never asks, and of what it asks only where it is broken. */
const neverShown = new Set([
  'A prompt takes at most {} characters.',
  'Idempotency-Key takes 1 to 200 printable characters.',
  'The address or the body cannot be read.',
  'The body is not valid JSON.',
  'The cursor is not one that this list gave out. Start without it.',
  'The form holds no file. Put it into a field of type file.',
  'The form names no boundary.',
  'The request is not of the expected form.',
  '`{}` takes the {}.',
  // Which field is wrong, and how, in the words of the schema.
  '{} {}.',
  '{}: {}: {}.',
  // Two sentences in one, each of which is known with its possible endings.
  'There is no model {}. {}',
  '{} {}. {}',
])

describe('what the server refuses', () => {
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } })
  afterEach(() => speak('en', []))
  const { strings, problems } = saidByTheServer()
  const known = new Map(german.sentences)

  it('is read from its source', () => {
    expect(problems.length).toBeGreaterThan(100)
  })

  it('has German words, by its sentence or by its code', () => {
    const untold = problems.filter(
      ({ code, message }) => !known.has(message) && !(code in german.codes) && !neverShown.has(message),
    )
    expect(untold).toEqual([])
  })

  it('is still said as the translation knows it', () => {
    const pieces = (text: string) => text.split('{}').filter((piece) => piece.trim().length > 2)
    const gone = [...known.keys()].filter(
      (sentence) => !pieces(sentence).every((piece) => strings.some((text) => text.includes(piece.trim()))),
    )
    // Put together from two strings, each of which is in the source.
    expect(
      gone.filter((sentence) => !/^(There is no model|\{\} does not|Model did not)/.test(sentence)),
    ).toEqual([])
  })

  it('is said in German with what differs in its place, however deep', async () => {
    await speak('de', [])
    const say = (message: string) => sayProblem({ code: 'invalid_request', message })
    expect(say('The password takes at least 8 characters.')).toBe(
      'Das Passwort braucht mindestens 8 Zeichen.',
    )
    expect(say('There is no model a.b (c). Did you mean x/y?')).toBe(
      'Ein Modell a.b (c) gibt es nicht. Meinst du x/y?',
    )
    expect(say('The ZIP is too large to be imported. It holds more than 9 files.')).toBe(
      'Das ZIP ist zu groß, um eingelesen zu werden. Es enthält mehr als 9 Dateien.',
    )
    const refused =
      'The provider refused this picture for its content policy. Say it in other words; you were not charged.'
    expect(saySentence(`2 of the pictures could not be painted: ${refused}`)).toBe(
      '2 der Bilder konnten nicht gemalt werden: Der Anbieter des Modells lehnt dieses Bild ab. Beschreib es anders; es kostet nichts.',
    )
    expect(say('Something nobody foresaw.')).toBe('Something nobody foresaw.')
  })

  it('keeps its words in English', () => {
    expect(saySentence('The password takes at least 8 characters.')).toBe(
      'The password takes at least 8 characters.',
    )
  })
})
