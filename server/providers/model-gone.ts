import { Problem } from '../errors.ts'

/** The provider definitely has this model no longer; nothing was generated or billed. Its replacement may be asked. */
export class ModelGone extends Problem {
  override name = 'ModelGone'
  /** The provider's own id. */
  readonly model: string

  constructor(code: 'openrouter_error' | 'provider_error', service: string, model: string, cause: unknown) {
    super(
      code,
      `Service unavailable: ${service} does not offer the model "${model.slice(0, 200)}". Choose another model.`,
      { reason: 'unavailable', retryable: false, cause },
    )
    this.model = model
  }
}

/** True when a turn may go on to the model's replacement, as a generation of its own. */
export function isModelGone(thrown: unknown): thrown is ModelGone {
  return thrown instanceof ModelGone
}
