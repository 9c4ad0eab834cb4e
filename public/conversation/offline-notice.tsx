import { useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'

const dismissed = 'offline-notice-dismissed'

/** One line that says that no provider is configured, and how that is changed. */
export function OfflineNotice() {
  const app = useApp()
  const [hidden, setHidden] = useState(app.remembered(dismissed) !== undefined)
  const [how, setHow] = useState(false)
  if (hidden || app.models.value?.offline !== true) return null
  return (
    <Banner
      kind="info"
      card
      action={how ? undefined : { label: texts.offline.how, run: () => setHow(true) }}
      onDismiss={() => {
        app.remember(dismissed, 'yes')
        setHidden(true)
      }}
    >
      {how ? texts.offline.more : texts.offline.text}
    </Banner>
  )
}
