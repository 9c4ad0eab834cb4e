import { ArrowLeft } from 'lucide'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { currentLocale, texts } from '../texts/texts.ts'
import { ConversationRow } from './conversation-row.tsx'
import { FoundPictures } from './found-pictures.tsx'
import { groupByDay } from './group-by-day.ts'

/** The conversations by day, those that were found, or the archived ones. */
export function Conversations() {
  const app = useApp()
  const { list } = app
  const items = list.items.value
  const state = list.state.value
  const archive = list.archive.value
  const words = list.words.value.trim()
  const failed = typeof state === 'object' ? state : undefined
  const unreadable = failed && (
    <Banner kind="danger" action={{ label: texts.retry, run: () => void list.tryAgain() }}>
      {texts.sidebar.unreadable} {failed.message}
    </Banner>
  )
  // What was read before stays in sight.
  if (failed && items.length === 0) {
    return (
      <div class="conversations">
        {unreadable}
        <FoundPictures />
      </div>
    )
  }
  const nothing =
    words !== ''
      ? texts.sidebar.notFound(words)
      : archive
        ? texts.sidebar.nothingArchived
        : texts.sidebar.nothing
  // What was found is in the order of its fitness.
  const groups =
    words === ''
      ? groupByDay(items, app.now(), currentLocale())
      : [{ name: texts.find.conversations, items }].filter((group) => group.items.length > 0)
  const foundPictures = Array.isArray(list.pictures.value) && list.pictures.value.length > 0
  return (
    <div class="conversations" tabIndex={-1} aria-busy={state === 'loading'}>
      {archive && words === '' && (
        <button
          class="row conversations__back"
          type="button"
          aria-label={texts.sidebar.backToList}
          onClick={() => void list.showArchive(false)}
        >
          <Icon of={ArrowLeft} directed />
          <span>{texts.sidebar.allArchived}</span>
        </button>
      )}
      {state === 'ready' && items.length === 0 && (words === '' || !foundPictures) && (
        <p class="quiet conversations__none">{nothing}</p>
      )}
      {groups.map((group) => (
        <section key={group.name}>
          <h2>{group.name}</h2>
          <ul>
            {group.items.map((item) => (
              <ConversationRow item={item} key={item.id} />
            ))}
          </ul>
        </section>
      ))}
      <FoundPictures />
      {unreadable}
      {list.cursor.value !== null && !failed && (
        <button class="button button--plain button--wide" type="button" onClick={() => void list.readMore()}>
          {texts.sidebar.older}
        </button>
      )}
    </div>
  )
}
