import { Archive, Image, LayoutGrid, Plus, SlidersHorizontal, User as UserIcon, X } from 'lucide'
import { useRef } from 'preact/hooks'
import type { User } from '../../server/contract/accounts.ts'
import { useApp } from '../app/app.ts'
import { EaselMark, Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Link } from '../parts/link.tsx'
import { useDrawer } from '../parts/use-drawer.ts'
import { texts } from '../texts/texts.ts'
import { Conversations } from './conversations.tsx'
import { SearchBox } from './search-box.tsx'

/** The list of conversations with its search, and the doors to settings; a drawer on narrow screens. */
export function Sidebar({ user }: { user: User }) {
  const app = useApp()
  const isOpen = app.drawers.sidebarOpen.value
  const drawer = useRef<HTMLElement>(null)
  const close = () => {
    app.drawers.sidebarOpen.value = false
  }
  useDrawer(drawer, isOpen, close)
  return (
    <>
      {isOpen && <div class="drawer-scrim" onClick={close} />}
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
          <IconButton class="narrow-only" icon={X} label={texts.sidebar.close} onClick={close} />
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
          {/* Not below the list: there it would move with every conversation that comes or goes. */}
          <button
            class="row"
            type="button"
            aria-pressed={app.list.archive.value}
            onClick={() => void app.list.showArchive(!app.list.archive.peek())}
          >
            <Icon of={Archive} />
            <span>{texts.sidebar.archived}</span>
          </button>
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
