import type { Settlement } from '../store/generations.ts'
import { patiently } from './patiently.ts'
import type { TurnParts } from './turn.ts'

type LedgerParts = Pick<TurnParts, 'store' | 'log'>

/** Does a write about a call that was made already: what it brought or cost must not be lost for a fault that passes. */
export function surely<T>({ log }: LedgerParts, generationId: string, write: () => T): Promise<T> {
  return patiently(write, (cause) =>
    log.error(
      { err: cause, generation: generationId },
      'the ledger cannot be written now; it is tried again',
    ),
  )
}

/** Settles a call in the end, whatever the database does now. */
export async function settleSurely(parts: LedgerParts, id: string, settlement: Settlement): Promise<void> {
  await surely(parts, id, () => parts.store.generations.settle(id, settlement))
}

/** Notes the provider's id of a call. A call that runs must not fail for it: the log has it then. */
export function noteUpstreamId({ store, log }: LedgerParts, id: string, upstreamId: string): void {
  try {
    store.generations.nameUpstream(id, upstreamId)
  } catch (cause) {
    log.error({ err: cause, generation: id, upstreamId }, "the provider's id of a call could not be recorded")
  }
}
