import { ArrowDown } from 'lucide'
import { useRef } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Composer } from '../composer/composer.tsx'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { EmptyPage } from './empty-page.tsx'
import { Masthead } from './masthead.tsx'
import { Transcript } from './transcript.tsx'
import { useArrival } from './use-arrival.ts'
import { useFollowing } from './use-following.ts'

/** The conversation that is open: its head, its messages, and the place to write. */
export function Desk() {
  const app = useApp()
  const open = app.open.value
  const transcript = useRef<HTMLDivElement>(null)
  const { away, missed, follow, stop, settle } = useFollowing(transcript, open)
  useArrival(transcript, open, { stop, follow })
  const reading = open.reading.value
  const isInTheMiddle = open.newer.cursor.value !== null
  const toLatest = async () => {
    if (!isInTheMiddle || (await open.showEnd())) follow()
  }
  return (
    <main class="desk">
      <div class="desk__head">
        <Masthead />
      </div>
      {reading === 'missing' ? (
        <div class="empty">
          <Banner kind="info" action={{ label: texts.sidebar.new, run: () => app.go('/') }}>
            {texts.conversation.missing}
          </Banner>
        </div>
      ) : typeof reading === 'object' ? (
        <div class="empty">
          <Banner
            kind="danger"

            action={{ label: texts.conversation.readAgain, run: () => void open.read() }}
          >
            {texts.conversation.unreadable} {reading.message}
          </Banner>
        </div>
      ) : reading === 'new' || (reading === 'ready' && open.entries.value.length === 0) ? (
        <EmptyPage />
      ) : (
        <Transcript open={open} place={transcript} />
      )}
      {reading !== 'missing' && (
        <Composer key={open} open={open} onSend={follow} onResize={settle}>
          {(away || isInTheMiddle) && open.entries.value.length > 0 && (
            <div class="jump">
              <button class="button" type="button" onClick={() => void toLatest()}>
                <Icon of={ArrowDown} small />
                {texts.conversation.jump}
                {missed > 0 && (
                  <span class="jump__count" aria-label={texts.conversation.missed(missed)}>
                    {missed}
                  </span>
                )}
              </button>
            </div>
          )}
          {/* Comes and goes by itself, so it stands where nothing moves for it. */}
          {(open.connection.value === 'reconnecting' || !app.presence.online.value) && (
            <div class="dock__banner">
              {open.connection.value === 'reconnecting' ? (
                <Banner kind="notice" action={{ label: texts.connection.tryNow, run: app.wake }}>
                  {texts.connection.gone}
                </Banner>
              ) : (
                <Banner kind="notice">{texts.connection.offline}</Banner>
              )}
            </div>
          )}
        </Composer>
      )}
      <div class="only-read" role="status">
        {open.announcement.value}
      </div>
    </main>
  )
}
