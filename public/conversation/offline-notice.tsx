import { useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'

const dismissed = 'offline-notice-dismissed'

/** One line that says that no provider is configured, and how that is changed. */
export function OfflineNotice() {
  const app = useApp()
  const [hidden, setHidden] = useState(app.remembered.read(dismissed) !== undefined)
  const [how, setHow] = useState(false)
  const words = useRef<HTMLSpanElement>(null)
  const tellMore = () => {
    setHow(true)
    // The button goes with its question; the answer is read out, and Tab goes on from it.
    words.current?.focus()
  }
  if (hidden || app.offers.models.value?.offline !== true) return null
  return (
    <Banner
      kind="info"

      action={how ? undefined : { label: texts.offline.how, run: tellMore }}
      onDismiss={() => {
        app.remembered.keep(dismissed, 'yes')
        setHidden(true)
        document.getElementById('composer')?.focus()
      }}
    >
      <span ref={words} tabIndex={-1}>
        {how ? texts.offline.more : texts.offline.text}
      </span>
    </Banner>
  )
}
