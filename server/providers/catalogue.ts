import type { ModelLists } from '../contract/lists.ts'
import { nearest } from '../contract/slash-grammar.ts'
import { Problem } from '../errors.ts'
import { asUsd } from '../quotas/prices.ts'
import type { Model, ProviderName } from './provider.ts'

/** What a model is wanted for. */
type Ability = 'paints' | 'writes'

interface Settings {
  defaultImageModel: string
  defaultChatModel: string
  cheapModel: string
  /** The providers that have a key, the embedded one always among them. */
  configured: ReadonlySet<ProviderName>
}

const keyOf: Record<ProviderName, string> = {
  openrouter: 'OPENROUTER_API_KEY',
  openai: 'OPENAI_API_KEY',
  runware: 'RUNWARE_API_KEY',
  offline: '',
}

export type Catalogue = ReturnType<typeof createCatalogue>

/**
 * Every model by name: the built-in list, and what the providers say they offer at this moment. It
 * decides which model serves when none, an old or an unknown one is named.
 */
export function createCatalogue(builtIn: readonly Model[], settings: Settings) {
  let known = index(builtIn)
  const online = settings.configured.has('openrouter')
  const offlineOf = (ability: Ability) => {
    const model = builtIn.find((candidate) => candidate.provider === 'offline' && candidate[ability])
    if (!model) throw new Error(`no embedded model ${ability}`)
    return model
  }

  /** A name that is nobody's yet is taken for OpenRouter's: new models appear there every week. */
  function unlisted(name: string, ability: Ability): Model {
    return {
      id: name,
      name,
      provider: 'openrouter',
      aliases: [],
      paints: ability === 'paints',
      writes: ability === 'writes',
      sees: false,
      notes: '',
      imagePriceMicro: undefined,
      promptPriceMicro: undefined,
      completionPriceMicro: undefined,
      replacement: undefined,
    }
  }

  function named(name: string, ability: Ability, field: string): Model {
    const model = known.get(name.toLowerCase())
    if (!model) {
      if (/^~?[\w.-]+\/[\w.:-]+$/.test(name)) return mustBeConfigured(unlisted(name, ability))
      throw new Problem('invalid_request', `There is no model ${name}. ${suggestion(name, ability)}`, {
        details: [{ field, message: 'no such model' }],
      })
    }
    if (!model[ability]) {
      throw new Problem(
        'invalid_request',
        `${model.id} ${ability === 'paints' ? 'does not paint' : 'does not write'}. ${suggestion(name, ability)}`,
        {
          details: [{ field, message: ability === 'paints' ? 'not an image model' : 'not a chat model' }],
        },
      )
    }
    return mustBeConfigured(model)
  }

  function suggestion(name: string, ability: Ability): string {
    const ids = [...new Set(known.values())].filter((model) => model[ability]).map((model) => model.id)
    const near = nearest(name.toLowerCase(), ids)
    return near === undefined ? `Choose one of ${ids.slice(0, 8).join(', ')}.` : `Did you mean ${near}?`
  }

  function mustBeConfigured(model: Model): Model {
    if (settings.configured.has(model.provider)) return model
    throw new Problem(
      'missing_api_key',
      `${model.id} needs ${keyOf[model.provider]}, which is not configured on this server. Name no model to use the embedded offline provider.`,
    )
  }

  function byDefault(name: string, ability: Ability): Model {
    if (!online) return offlineOf(ability)
    const model = known.get(name.toLowerCase())
    return model?.[ability] ? model : unlisted(name, ability)
  }

  const imageModel = (name: string | null | undefined, field = 'model'): Model =>
    name ? named(name, 'paints', field) : byDefault(settings.defaultImageModel, 'paints')
  const chatModel = (name: string | null | undefined, field = 'model'): Model =>
    name ? named(name, 'writes', field) : byDefault(settings.defaultChatModel, 'writes')
  const cheapModel = (): Model => byDefault(settings.cheapModel, 'writes')

  return {
    /** `field` is where the request names it. @throws Problem `invalid_request` for a name nobody knows, `missing_api_key` */
    imageModel,
    /** @throws Problem `invalid_request` for a name nobody knows, `missing_api_key` */
    chatModel,
    /** The model for refinement, summaries, titles. */
    cheapModel,
    /** The model to go on to when this one is gone, where one is known. */
    replacementOf(model: Model): Model | undefined {
      const next = model.replacement === undefined ? undefined : known.get(model.replacement.toLowerCase())
      return next && next.id !== model.id ? next : undefined
    },
    /** True when no key is configured, so that the embedded provider serves. */
    offline: !online,

    /** Takes what a provider offers now; names and notes of the built-in list stay. */
    update(live: readonly Model[]): void {
      const merged = new Map(live.map((model) => [model.id, model]))
      for (const model of builtIn) merged.set(model.id, { ...merged.get(model.id), ...model })
      known = index([...merged.values()])
    },

    /** `GET /api/models`. */
    lists(usualSeconds: (model: string) => { p50: number; p80: number } | undefined): ModelLists {
      const all = [...new Set(known.values())].filter(
        (model) => model.provider !== 'offline' || !online || settings.configured.has(model.provider),
      )
      const image = imageModel(undefined).id
      const chat = chatModel(undefined).id
      const available = (model: Model) => settings.configured.has(model.provider)
      return {
        image: all
          .filter((model) => model.paints)
          .map((model) => {
            const seconds = usualSeconds(model.id)
            return {
              id: model.id,
              name: model.name,
              provider: model.provider,
              notes: model.notes,
              default: model.id === image,
              available: available(model),
              ...(model.imagePriceMicro === undefined ? {} : { price_usd: asUsd(model.imagePriceMicro) }),
              ...(seconds ? { usual_seconds: seconds } : {}),
            }
          }),
        chat: all
          .filter((model) => model.writes)
          .map((model) => ({
            id: model.id,
            name: model.name,
            vision: model.sees,
            default: model.id === chat,
            available: available(model),
          })),
        refine: cheapModel().id,
        offline: !online,
      }
    },
  }
}

function index(models: readonly Model[]): Map<string, Model> {
  const byName = new Map<string, Model>()
  for (const model of models) {
    for (const alias of model.aliases) byName.set(alias.toLowerCase(), model)
  }
  for (const model of models) byName.set(model.id.toLowerCase(), model)
  return byName
}
