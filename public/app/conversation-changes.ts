import type { ConversationPatch } from '../../server/contract/conversations.ts'
import { texts } from '../texts/texts.ts'
import type { Attempt } from './attempt.ts'
import type { ConversationList } from './conversation-list.ts'
import type { Drafts } from './drafts.ts'
import type { OpenConversation } from './open-conversation.ts'
import type { Router } from './router.ts'
import type { Tabs } from './tabs.ts'
import type { Toasts } from './toasts.ts'

interface ChangesParts {
  list: ConversationList
  router: Router
  tabs: Tabs
  toasts: Toasts
  /** The conversation that is shown now. */
  shown: () => OpenConversation
  /** Of the user who is here. */
  drafts: () => Drafts
  attempt: Attempt
}

/** Changes conversations wherever they are shown: here, in the list, and in other tabs. */
export class ConversationChanges {
  readonly #parts: ChangesParts

  constructor(parts: ChangesParts) {
    this.#parts = parts
  }

  /** @throws EaselError */
  async patch(id: string, patch: ConversationPatch): Promise<void> {
    const { list, tabs, shown } = this.#parts
    const changed = await list.patch(id, patch)
    const open = shown()
    if (open.id.peek() === id) open.conversation.value = changed
    tabs.tell({ kind: 'conversation', id })
  }

  /** Takes a conversation out of sight at once, and deletes it when the time to take that back is over. */
  delete(id: string, title: string) {
    const { list, router, toasts, shown } = this.#parts
    list.hide(id, true)
    if (shown().id.peek() === id) router.replace('/')
    toasts.show({
      text: texts.toast.deleted(title),
      action: { label: texts.toast.undo, run: () => list.hide(id, false) },
      onGone: () => void this.#remove(id, title),
    })
  }

  /** A refusal is said in a toast. */
  async archive(id: string, title: string): Promise<void> {
    const { attempt, toasts } = this.#parts
    const setArchived = (archived: boolean) =>
      attempt(async () => {
        await this.patch(id, { archived })
        return true
      })
    if (!(await setArchived(true))) return
    toasts.show({
      text: texts.toast.archived(title),
      action: { label: texts.toast.undo, run: () => void setArchived(false) },
    })
  }

  async #remove(id: string, title: string): Promise<void> {
    const { list, tabs, drafts, attempt } = this.#parts
    const isGone = await attempt(
      async () => {
        await list.remove(id)
        return true
      },
      (error) => `${texts.toast.notDeleted(title)} ${error.message}`,
    )
    if (!isGone) {
      list.hide(id, false)
      return
    }
    drafts().forget(id)
    tabs.tell({ kind: 'list' })
  }
}
