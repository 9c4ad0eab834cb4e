import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { Link } from '../parts/link.tsx'
import { TitleField } from '../parts/title-field.tsx'
import { texts } from '../texts/texts.ts'
import { ConversationMenu } from './conversation-menu.tsx'
import { marked } from './marked.tsx'

/** A conversation in the list; found by search, it leads to the words that were found. */
export function ConversationRow({ item }: { item: Conversation }) {
  const app = useApp()
  const title = item.title || texts.conversation.untitled
  const renaming = app.renaming.value
  const hit = item.hits?.[0]
  if (renaming?.place === 'list' && renaming.id === item.id) {
    return (
      <li class="entry">
        <TitleField
          title={title}
          onSave={(next) => void app.attempt(() => app.conversations.patch(item.id, { title: next }))}
          onEnd={() => (app.renaming.value = undefined)}
        />
      </li>
    )
  }
  return (
    <li class="entry">
      <Link
        to={pathOf(item.id, hit?.message_id)}
        class="row"
        current={app.router.place.value.page === 'conversation' && app.open.value.id.value === item.id}
      >
        <span dir="auto">
          {title}
          {hit && <small>{marked(hit.snippet)}</small>}
        </span>
      </Link>
      <ConversationMenu item={item} place="list" />
    </li>
  )
}
