import { useSignalEffect } from '@preact/signals'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { attachedFrom, keptFrom, type Attachments } from '../app/attachments.ts'
import type { Draft } from '../app/drafts.ts'
import type { Outgoing } from '../app/message-queue.ts'
import type { OpenConversation } from '../app/open-conversation.ts'

/** Milliseconds without a key after which the draft is kept. */
const restTime = 350

/**
 * The text being written. With the pictures beside it, and with what still waits to be sent, it survives a reload, a
 * change of conversation and a session that ends; so does what the model is to see. It is kept when the hand rests,
 * and at once by `keep`.
 */
export function useDraft(
  open: OpenConversation,
  attachments: Attachments,
): [text: string, write: (text: string) => void, keep: () => void] {
  const { drafts } = useApp()
  const { queue, seen } = open
  const [first] = useState(() => {
    const draft = drafts.read(open.id.peek())
    attachments.restore(draft.pictures.map(attachedFrom))
    // A conversation that is come back to from the gallery has its queue still.
    const waiting = queue.items.peek().length > 0 ? [] : draft.queue
    for (const { message, expected, pictures, idempotencyKey } of waiting) {
      const taken = pictures.map(attachedFrom)
      queue.add({ key: queue.nextKey(), message, expected, taken, idempotencyKey })
    }
    seen.restore(drafts.readSight(open.id.peek()))
    return draft.text
  })
  const [text, setText] = useState(first)
  const latest = useRef(text)
  const kept = useRef({ id: open.id.peek(), draft: '' })

  const keep = useCallback(() => {
    const id = open.id.peek()
    const before = kept.current
    const draft: Draft = {
      text: latest.current,
      pictures: attachments.items.peek().flatMap(keptFrom),
      queue: queue.items.peek().map(keptMessage),
    }
    const written = JSON.stringify(draft)
    if (before.id === id && before.draft === written) return
    // The conversation has got its id: what was kept under "new" is this draft.
    if (before.id !== id) drafts.write(before.id, { text: '', pictures: [], queue: [] })
    drafts.write(id, draft)
    kept.current = { id, draft: written }
  }, [drafts, open, queue, attachments])

  useEffect(() => {
    // An emptied box was sent: its draft goes at once. Words wait until the hand rests.
    const timer = setTimeout(keep, text === '' ? 0 : restTime)
    return () => clearTimeout(timer)
  }, [keep, text])
  useSignalEffect(() => {
    // What is kept of a picture is known once it has arrived.
    for (const item of attachments.items.value) void item.upload.value
    void queue.items.value
    keep()
  })
  const keepSight = useCallback(() => {
    const id = open.id.value
    if (id !== undefined) drafts.writeSight(id, { pinned: seen.pinned.value, dropped: seen.dropped.value })
  }, [drafts, open, seen])
  useSignalEffect(keepSight)
  useLayoutEffect(() => {
    // What changed last may still wait for a frame.
    const leave = () => {
      keep()
      keepSight()
    }
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [keep, keepSight])

  const write = useCallback((next: string) => {
    latest.current = next
    setText(next)
  }, [])
  return [text, write, keep]
}

function keptMessage({ message, expected, taken, idempotencyKey }: Outgoing) {
  return { message, expected, pictures: taken.flatMap(keptFrom), idempotencyKey }
}
