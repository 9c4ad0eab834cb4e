import { isoTime } from '../clock.ts'
import type { Message } from '../contract/messages.ts'
import { presentAttachment, presentImage } from '../images/present-image.ts'
import { asUsd } from '../quotas/prices.ts'
import type { ImageRow } from '../store/image-row.ts'
import { freshRow, type MessageEnd, type MessageRow } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { TurnClaim } from '../store/turns.ts'

/** What stands around a message. */
interface Surroundings {
  images: readonly ImageRow[]
  attachments: readonly ImageRow[]
  /** Ids of all its versions, itself among them. */
  siblings: readonly string[]
}

/** Messages as the wire has them, with their pictures and their versions. Order is kept. */
export function presentRows(store: Store, rows: readonly MessageRow[]): Message[] {
  const of = (sender: MessageRow['sender']) =>
    rows.filter((row) => row.sender === sender).map((row) => row.id)
  const images = store.images.byMessages(of('model'))
  const attachments = store.images.attachmentsOf(of('user'))
  return rows.map((row) =>
    presentRow(row, {
      images: images.get(row.id) ?? [],
      attachments: attachments.get(row.id) ?? [],
      siblings: store.messages.siblingIds(row),
    }),
  )
}

/** One message as the wire has it. Pure. */
function presentRow(row: Omit<MessageRow, 'seq'>, { images, attachments, siblings }: Surroundings): Message {
  return {
    id: row.id,
    conversation_id: row.conversationId,
    parent_id: row.parentId,
    turn_id: row.turnId,
    sender: row.sender,
    text: row.text,
    kind: row.kind,
    ...(row.model === null ? {} : { model: row.model }),
    created_at: isoTime(row.createdAt),
    ...(row.warning === null ? {} : { warning: row.warning }),
    state: row.state,
    ...(row.error === null ? {} : { error: row.error }),
    attachments: attachments.map(presentAttachment),
    generated_images: images.map(presentImage),
    ...(row.costMicro === null ? {} : { cost_usd: asUsd(row.costMicro) }),
    ...(siblings.length < 2
      ? {}
      : { siblings: { index: siblings.indexOf(row.id), total: siblings.length, ids: [...siblings] } }),
    ...(row.summary === null ? {} : { summarized: true }),
  }
}

/**
 * The two messages that a claim has just written, without reading them again.
 * @param versions what stands where the first of the new messages stands, as the claim tells
 */
export function presentClaim(
  store: Store,
  claim: TurnClaim,
  versions: readonly string[],
): { user: Message; model: Message } {
  const { userMessage: asked, modelMessage: answer, attachmentIds } = claim
  return {
    user: asked
      ? presentRow(freshRow(asked), {
          images: [],
          attachments:
            attachmentIds.length === 0 ? [] : (store.images.attachmentsOf([asked.id]).get(asked.id) ?? []),
          siblings: versions,
        })
      : presentMessage(store, claim.conversationId, claim.userMessageId),
    // Nothing answers a new message but this.
    model: presentRow(freshRow(answer), { images: [], attachments: [], siblings: asked ? [] : versions }),
  }
}

/** The recorded end of the only answer to a new message, where it is words alone, without reading it again. */
export function presentWords({ modelMessage }: TurnClaim, end: MessageEnd): Message {
  const row = { ...freshRow(modelMessage), ...end, model: end.model ?? modelMessage.model }
  return presentRow(row, { images: [], attachments: [], siblings: [] })
}

/** Messages of a conversation by id, in the order of the ids; missing ones are left out. */
export function presentMessages(store: Store, conversationId: string, ids: readonly string[]): Message[] {
  const rows = ids.map((id) => store.messages.find(conversationId, id))
  return presentRows(
    store,
    rows.filter((row) => row !== undefined),
  )
}

/** One message that is known to exist. */
export function presentMessage(store: Store, conversationId: string, id: string): Message {
  const [message] = presentMessages(store, conversationId, [id])
  if (!message) throw new Error(`message ${id} is gone`)
  return message
}
