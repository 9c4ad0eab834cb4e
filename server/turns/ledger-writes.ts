import type { Settlement } from '../store/generations.ts'
import { patiently } from './patiently.ts'
import type { TurnParts } from './turn.ts'

type LedgerParts = Pick<TurnParts, 'store' | 'log'>

/**
 * Does a write about a call that was made already, in one transaction: what it brought or cost must not be lost
 * for a fault that passes. Others go on working while the disk takes it. Where the disk will not, that is logged: to
 * give up what was paid for would not mend it.
 */
export async function surely<T>(
  { store, log }: LedgerParts,
  generationId: string,
  write: () => T,
): Promise<T> {
  const notYet = (cause: unknown) =>
    log.error({ err: cause, generation: generationId }, 'the ledger cannot be written now; it is tried again')
  const result = await patiently(() => store.togetherUnsynced(write), notYet)
  try {
    await patiently(() => store.onDisk(), notYet)
  } catch (cause) {
    log.error({ err: cause, generation: generationId }, 'the ledger could not be brought to the disk')
  }
  return result
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
