import { Image, LayoutGrid, Plus, Search, SlidersHorizontal, User as UserIcon, X } from 'lucide'
import type { ComponentChild } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { User } from '../../server/contract/accounts.ts'
import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { Banner } from '../parts/banner.tsx'
import { EaselMark, Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { Menu } from '../parts/menu.tsx'
import { currentLocale, texts } from '../texts/texts.ts'
import { groupByDay } from './group-by-day.ts'

/** The list of conversations with its search, and the doors to settings; a drawer on narrow screens. */
export function Sidebar({ user }: { user: User }) {
  const app = useApp()
  const isOpen = app.sidebarOpen.value
  const drawer = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') app.sidebarOpen.value = false
    }
    drawer.current?.querySelector('button')?.focus()
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [app, isOpen])
  return (
    <>
      {isOpen && <div class="drawer-scrim" onClick={() => (app.sidebarOpen.value = false)} />}
      <nav
        ref={drawer}
        class="sidebar"
        id="sidebar"
        aria-label={texts.sidebar.label}
        data-open={isOpen ? '' : undefined}
      >
        <div class="sidebar__head">
          <Link to="/" class="wordmark">
            <EaselMark />
            {texts.name}
          </Link>
          <button
            class="button button--plain narrow-only button--icon"
            type="button"
            aria-label={texts.sidebar.close}
            title={texts.sidebar.close}
            onClick={() => (app.sidebarOpen.value = false)}
          >
            <Icon of={X} />
          </button>
        </div>
        <div class="sidebar__find">
          <Link to="/" class="button button--new">
            <Icon of={Plus} />
            {texts.sidebar.new}
          </Link>
          <SearchBox />
        </div>
        <Conversations />
        <div class="sidebar__foot">
          <Link to="/gallery" class="row" current={app.router.place.value.page === 'gallery'}>
            <Icon of={LayoutGrid} />
            <span>{texts.gallery.title}</span>
          </Link>
          <button class="row" type="button" onClick={() => (app.dialog.value = { kind: 'image' })}>
            <Icon of={Image} />
            <span>{texts.sidebar.makePicture}</span>
          </button>
          <button
            class="row"
            id="open-settings"
            type="button"
            onClick={() => (app.dialog.value = { kind: 'settings' })}
          >
            <Icon of={SlidersHorizontal} />
            <span>{texts.sidebar.settings}</span>
          </button>
          <div class="row row--still">
            <Icon of={UserIcon} />
            <span dir="auto">{user.display_name}</span>
          </div>
        </div>
      </nav>
    </>
  )
}

function SearchBox() {
  const { list } = useApp()
  const [words, setWords] = useState(list.words.peek())
  useEffect(() => {
    if (words === list.words.peek()) return undefined
    const timer = setTimeout(() => void list.search(words), 250)
    return () => clearTimeout(timer)
  }, [list, words])
  return (
    <div class="search" role="search">
      <Icon of={Search} />
      <input
        class="input"
        type="search"
        aria-label={texts.sidebar.search}
        placeholder={texts.sidebar.searchPlaceholder}
        maxLength={200}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
    </div>
  )
}

function Conversations() {
  const app = useApp()
  const { list } = app
  const items = list.items.value
  const state = list.state.value
  const words = list.words.value
  if (state !== 'ready' && state !== 'loading') {
    return (
      <div class="conversations">
        <Banner kind="danger" card action={{ label: texts.retry, run: () => void list.read() }}>
          {texts.sidebar.unreadable} {state.message}
        </Banner>
      </div>
    )
  }
  return (
    <div class="conversations" tabIndex={-1} aria-busy={state === 'loading'}>
      {state === 'ready' && items.length === 0 && (
        <p class="quiet conversations__none">
          {words.trim() === '' ? texts.sidebar.nothing : texts.sidebar.notFound(words.trim())}
        </p>
      )}
      {groupByDay(items, app.now(), currentLocale()).map((group) => (
        <section key={group.name}>
          <h2>{group.name}</h2>
          <ul>
            {group.items.map((item) => (
              <Row item={item} key={item.id} />
            ))}
          </ul>
        </section>
      ))}
      {list.cursor.value !== null && (
        <button class="button button--plain button--wide" type="button" onClick={() => void list.readMore()}>
          {texts.sidebar.older}
        </button>
      )}
    </div>
  )
}

function Row({ item }: { item: Conversation }) {
  const app = useApp()
  const title = item.title || texts.conversation.untitled
  const hit = item.hits?.[0]
  const isShown = app.router.place.value.page === 'conversation'
  return (
    <li class="entry">
      <Link to={pathOf(item.id)} class="row" current={isShown && app.open.value.id.value === item.id}>
        <span dir="auto">
          {title}
          {hit && <small>{marked(hit.snippet)}</small>}
        </span>
      </Link>
      <Menu
        label={texts.sidebar.menu(title)}
        items={[
          {
            label: texts.sidebar.rename,
            run: () => (app.dialog.value = { kind: 'rename', id: item.id, title: item.title }),
          },
          {
            label: texts.sidebar.delete,
            danger: true,
            run: () => (app.dialog.value = { kind: 'delete', id: item.id, title }),
          },
        ]}
      />
    </li>
  )
}

/** The server sets the words it found between U+0001 and U+0002. */
function marked(snippet: string): ComponentChild[] {
  return snippet.split('\u0001').flatMap((part, index) => {
    const [found = '', rest = ''] = part.split('\u0002')
    return index === 0 ? [part] : [<mark>{found}</mark>, rest]
  })
}
