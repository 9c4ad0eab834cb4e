import { z } from 'zod'
import { describeCommands } from '../../commands/index.ts'
import { CommandDescription, ModelLists } from '../../contract/lists.ts'
import type { Catalogue } from '../../providers/catalogue.ts'
import type { Store } from '../../store/store.ts'
import { wordsIn } from '../../texts/words.ts'
import { languageOf } from '../request-language.ts'
import { route, type Route } from '../route.ts'

/** What the page offers to choose from: commands and models. */
export function listRoutes({ catalogue, store }: { catalogue: Catalogue; store: Store }): Route[] {
  /** From what calls of this model really took; seconds with one decimal. */
  function usualSeconds(model: string): { p50: number; p80: number } | undefined {
    const times = store.generations.paintingTimes(model).toSorted((a, b) => a - b)
    const at = (share: number) => Math.round((times[Math.floor((times.length - 1) * share)] ?? 0) / 100) / 10
    return times.length === 0 ? undefined : { p50: at(0.5), p80: at(0.8) }
  }
  return [
    route({
      method: 'get',
      path: '/api/commands',
      access: 'user',
      summary: 'The slash commands with their options, in the language that Accept-Language asks for.',
      answers: { 200: z.array(CommandDescription) },
      handle: ({ req }) => describeCommands(wordsIn(languageOf(req))),
    }),
    route({
      method: 'get',
      path: '/api/models',
      access: 'user',
      summary: 'The image and chat models, and the one that refines prompts.',
      answers: { 200: ModelLists },
      handle: () => catalogue.lists(usualSeconds),
    }),
  ]
}
