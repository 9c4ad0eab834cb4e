import { parseSlash } from '../contract/slash-grammar.ts'
import { sayMistake } from '../contract/slash-mistake.ts'
import type { CommandDescription } from '../contract/lists.ts'
import type { ImageOptions } from '../contract/turns.ts'
import { Problem } from '../errors.ts'
import type { Words } from '../texts/words.ts'
import type { Command, ImagePlan, Plan } from './command.ts'
import { help } from './help.ts'
import { image, imagePlan } from './image.ts'
import { memory } from './memory.ts'
import { model } from './model.ts'
import { retry } from './retry.ts'
import { summary } from './summary.ts'
import { title } from './title.ts'

/** The registry: one line a command. It feeds the parser, `/help` and `GET /api/commands`. */
const commands: readonly Command[] = [image, help, title, summary, memory, model, retry]

const described = new Map<Words, readonly CommandDescription[]>()

/** What clients are told of the commands, in the words of a language. */
export function describeCommands(words: Words): readonly CommandDescription[] {
  const known = described.get(words) ?? commands.map((command) => describe(command, words))
  described.set(words, known)
  return known
}

function describe({ name, aliases, options }: Command, words: Words): CommandDescription {
  const said: { usage: string; summary: string; options: Readonly<Record<string, string>> } =
    words.commands[name]
  return {
    name,
    aliases,
    usage: said.usage,
    summary: said.summary,
    options: options.map(({ name: option, type, ...takes }) => ({
      name: option,
      type,
      summary: said.options[option] ?? '',
      ...takes,
    })),
  }
}

interface Wish {
  text: string
  checkboxes: Readonly<Record<string, unknown>>
  imageOptions: ImageOptions | undefined
  /** A message of pictures alone needs no words. */
  hasAttachments: boolean
  /** What a refusal is said in. */
  words: Words
}

/**
 * From a message to what it makes the server do. A flag that the client set counts as well as a typed
 * command; an option typed in the message wins over the client's.
 * @throws Problem `missing_prompt` or `invalid_request`
 */
export function planMessage({ text, checkboxes, imageOptions, hasAttachments, words }: Wish): Plan {
  const slash = parseSlash(text, describeCommands(words))
  if (slash.kind === 'mistake') {
    const message = sayMistake(slash.mistake, words.slash)
    throw new Problem('invalid_request', message, { details: [{ field: 'messageText', message }] })
  }
  if (slash.kind === 'command') {
    const command = commands.find((candidate) => candidate.name === slash.name)
    if (!command) throw new Error(`the parser found /${slash.name}, which is not registered`)
    const plan = command.plan({ ...slash, words })
    return plan.kind === 'image'
      ? withImageOptions(plan, imageOptions, slash.options['n'] !== undefined)
      : plan
  }
  if (isSet(checkboxes['generate_image']) || imageOptions?.edit !== undefined) {
    const bare = {
      prompt: slash.text,
      model: undefined,
      aspectRatio: undefined,
      count: 1,
      raw: false,
      edit: undefined,
    }
    return withImageOptions(imagePlan(bare, words), imageOptions, false)
  }
  if (slash.text === '' && !hasAttachments) throw new Problem('missing_prompt', words.refusals.empty)
  return { kind: 'chat', text: slash.text }
}

function withImageOptions(
  plan: ImagePlan,
  options: ImageOptions | undefined,
  hasTypedCount: boolean,
): ImagePlan {
  if (!options) return plan
  return {
    ...plan,
    model: plan.model ?? options.model,
    aspectRatio: plan.aspectRatio ?? options.aspect_ratio,
    count: hasTypedCount ? plan.count : (options.n ?? 1),
    raw: plan.raw || options.better_context === false,
    edit: plan.edit ?? options.edit,
  }
}

/** Older clients send flags as `"true"`, `1` or `"on"`. */
function isSet(flag: unknown): boolean {
  return flag === true || flag === 1 || flag === 'true' || flag === 'on' || flag === '1'
}
