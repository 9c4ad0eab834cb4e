import { render } from 'preact'
import { App, AppProvider } from './app/app.ts'
import { Appearance } from './app/appearance.ts'
import { Presence } from './app/presence.ts'
import { Router } from './app/router.ts'
import { sendForm } from './app/send-form.ts'
import { browserTabs } from './app/tabs.ts'
import { WakefulSleep } from './app/wakeful-sleep.ts'
import { fetchMessages } from './conversation/transcript.tsx'
import { Page } from './page.tsx'
import { Banner } from './parts/banner.tsx'
import { Safely } from './parts/safely.tsx'
import { createEasel, randomKey } from './sdk/easel.ts'
import { languageFor } from './texts/language.ts'
import { sayProblem } from './texts/say-problem.ts'
import { speak, texts } from './texts/texts.ts'

const root = document.getElementById('page')
if (!root) throw new Error('the page has no place for itself')

const appearance = new Appearance({
  document,
  storage: window.localStorage,
  languages: navigator.languages,
  speak,
})
const waiting = new WakefulSleep(window)
const router = new Router(window)
const app = new App({
  easel: createEasel({
    sendForm,
    sleep: waiting.sleep,
    say: sayProblem,
    language: () => languageFor(appearance.language.peek(), navigator.languages),
  }),
  router,
  storage: window.localStorage,
  tabStorage: window.sessionStorage,
  appearance,
  presence: new Presence(window),
  tabs: browserTabs(),
  now: Date.now,
  newKey: randomKey,
  wake: () => waiting.wake(),
})
const place = router.place.peek()
// What draws messages comes while they are asked for; where it does not, the transcript asks again and says so.
if (place.page === 'conversation' && place.id !== undefined) void fetchMessages().catch(() => undefined)
void app.begin()
// Words that cannot be fetched are no reason to show nothing: English is here already.
await appearance.speak().catch(() => undefined)
render(
  <AppProvider value={app}>
    <Safely
      fallback={
        <main class="waiting">
          <Banner kind="danger">{texts.errors.unexpected}</Banner>
        </main>
      }
    >
      <Page />
    </Safely>
  </AppProvider>,
  root,
)
