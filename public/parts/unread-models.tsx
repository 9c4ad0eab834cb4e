import { useApp } from '../app/app.ts'
import { texts } from '../texts/texts.ts'
import { Banner } from './banner.tsx'

/** In the place of a choice of models that could not be read; nothing while they are still being read. */
export function UnreadModels() {
  const app = useApp()
  const why = app.offers.unread.value
  if (app.offers.models.value || !why) return null
  return (
    <Banner kind="danger" action={{ label: texts.retry, run: () => void app.offers.readMissing() }}>
      {texts.settings.modelsUnreadable} {why.message}
    </Banner>
  )
}
