import { useEffect } from 'preact/hooks'
import type { User } from '../server/contract/accounts.ts'
import { useApp } from './app/app.ts'
import { useShortcuts } from './app/use-shortcuts.ts'
import { Desk } from './conversation/desk.tsx'
import { Dialogs } from './dialogs/dialogs.tsx'
import { lazy } from './parts/lazy.tsx'
import { Banner } from './parts/banner.tsx'
import { Sidebar } from './sidebar/sidebar.tsx'
import { texts } from './texts/texts.ts'

const Gallery = lazy(async () => (await import('./gallery/gallery.tsx')).Gallery)
const Lightbox = lazy(async () => (await import('./lightbox/lightbox.tsx')).Lightbox)
const ToastList = lazy(async () => (await import('./parts/toasts.tsx')).ToastList)
const SidePanel = lazy(async () => (await import('./panel/side-panel.tsx')).SidePanel)
const SignIn = lazy(async () => (await import('./account/sign-in.tsx')).SignIn)

/** The whole page: sign-in for nobody, the room for a user. */
export function Page() {
  const app = useApp()
  const session = app.session.value
  useTitle()
  useShortcuts()
  switch (session.state) {
    case 'unknown':
      return <main class="waiting" aria-busy="true" aria-label={texts.loading} />
    case 'unreachable':
      return (
        <main class="waiting">
          <Banner kind="danger" action={{ label: texts.retry, run: () => void app.begin() }}>
            {session.error.message}
          </Banner>
        </main>
      )
    case 'nobody':
      return <SignIn ended={session.ended} />
    case 'user':
      return (
        <>
          <SkipLink />
          <Room user={session.user} />
          <Dialogs />
          {app.looking.value && <Lightbox looking={app.looking.value} />}
          {app.toasts.items.value.length > 0 && <ToastList />}
        </>
      )
    default:
      return session satisfies never
  }
}

/** The first stop of Tab: past the list of conversations, to what this place is for. */
function SkipLink() {
  const isGallery = useApp().router.place.value.page === 'gallery'
  return (
    <a class="skip" href={isGallery ? '#pictures' : '#composer'}>
      {isGallery ? texts.skipToPictures : texts.skip}
    </a>
  )
}

function Room({ user }: { user: User }) {
  const app = useApp()
  const open = app.open.value
  const place = app.router.place.value
  const isGallery = place.page === 'gallery'
  const conversation = open.conversation.value
  // The column of the panel stands from the first view on, so that nothing moves when its contents are there.
  const hasPanel = !isGallery && app.drawers.panelOpen.value && open.id.value !== undefined
  return (
    <div class={hasPanel ? 'room room--panel' : 'room'}>
      <Sidebar user={user} />
      {isGallery ? <Gallery query={place.query} /> : <Desk />}
      {hasPanel && conversation && <SidePanel conversation={conversation} />}
    </div>
  )
}

function useTitle() {
  const app = useApp()
  const open = app.open.value
  const unseen = app.presence.unseen.value > 0
  const isGallery = app.router.place.value.page === 'gallery'
  const shown = isGallery ? texts.gallery.title : open.conversation.value?.title
  const title = app.session.value.state === 'user' ? shown : undefined
  useEffect(() => {
    document.title = `${unseen ? '● ' : ''}${title ? `${title} · ` : ''}${texts.name}`
  }, [title, unseen])
}
