import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { Menu } from '../parts/menu.tsx'
import { texts } from '../texts/texts.ts'

/** What can be done with a conversation, in the list and above its messages. */
export function ConversationMenu({ item, place }: { item: Conversation; place: 'list' | 'head' }) {
  const app = useApp()
  const words = texts.sidebar
  const title = item.title || texts.conversation.untitled
  const change = (patch: { pinned?: boolean; archived?: boolean }) =>
    void app.attempt(() => app.conversations.patch(item.id, patch))
  return (
    <Menu
      label={words.menu(title)}
      items={[
        { label: words.rename, run: () => (app.renaming.value = { id: item.id, place }) },
        item.pinned
          ? { label: words.unpin, run: () => change({ pinned: false }) }
          : { label: words.pin, run: () => change({ pinned: true }) },
        item.archived
          ? { label: words.unarchive, run: () => change({ archived: false }) }
          : { label: words.archive, run: () => void app.conversations.archive(item.id, title) },
        { label: words.delete, danger: true, run: () => app.conversations.delete(item.id, title) },
      ]}
    />
  )
}
