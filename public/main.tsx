import { render } from 'preact'
import { App, AppProvider } from './app/app.ts'
import { Router } from './app/router.ts'
import { sendForm } from './app/send-form.ts'
import { WakefulSleep } from './app/wakeful-sleep.ts'
import { Page } from './page.tsx'
import { Banner } from './parts/banner.tsx'
import { Safely } from './parts/safely.tsx'
import { createEasel } from './sdk/easel.ts'
import { texts } from './texts/texts.ts'

const root = document.getElementById('page')
if (!root) throw new Error('the page has no place for itself')

const waiting = new WakefulSleep(window)
const app = new App({
  easel: createEasel({ sendForm, sleep: waiting.sleep }),
  router: new Router(window),
  storage: window.localStorage,
  now: Date.now,
  wake: () => waiting.wake(),
})
render(
  <AppProvider value={app}>
    <Safely
      fallback={
        <main class="waiting">
          <Banner kind="danger" card>
            {texts.errors.unexpected}
          </Banner>
        </main>
      }
    >
      <Page />
    </Safely>
  </AppProvider>,
  root,
)
void app.begin()
