import type { AspectRatio } from '../contract/images.ts'
import type { CommandDescription, CommandOption } from '../contract/lists.ts'
import type { Words } from '../texts/words.ts'

/** What a painting turn is asked to do. */
export interface ImagePlan {
  kind: 'image'
  prompt: string
  model: string | undefined
  aspectRatio: AspectRatio | undefined
  count: number
  /** The user's words go to the painter exactly as they are. */
  raw: boolean
  /** The id of the image to change. */
  edit: string | undefined
}

/** What a message makes the server do. `kind` is the turn's kind. */
export type Plan =
  | { kind: 'chat'; text: string }
  | ImagePlan
  | { kind: 'help'; about: string | undefined }
  | { kind: 'title'; title: string | undefined }
  | { kind: 'summary' }
  | { kind: 'memory'; note: string | undefined }
  | { kind: 'model'; model: string | undefined }
  | { kind: 'retry' }

/** What the user typed after the command's name, options taken out and checked against its description. */
interface CommandInput {
  text: string
  options: Readonly<Record<string, string | number | true>>
  /** The server's own words, for a refusal. */
  words: Words
}

/** A slash command: a pure function from text to plan. What it is said to do is in `texts/`. */
export interface Command extends Pick<CommandDescription, 'aliases'> {
  name: keyof Words['commands']
  options: readonly Omit<CommandOption, 'summary'>[]
  /** @throws Problem `missing_prompt` or `invalid_request`; nothing is stored and nothing is spent then. */
  plan(input: CommandInput): Plan
}
