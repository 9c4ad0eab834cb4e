import type { ComponentChild } from 'preact'
import { useApp } from '../app/app.ts'
import dawn from '../pictures/dawn.webp'
import fern from '../pictures/fern.webp'
import pears from '../pictures/pears.webp'
import storm from '../pictures/storm.webp'
import { texts } from '../texts/texts.ts'
import { OfflineNotice } from './offline-notice.tsx'

const pictures: Readonly<Record<string, string>> = { dawn, fern, pears, storm }

/** A conversation that has not begun: what can be done here, ready to be tried. */
export function EmptyPage() {
  const app = useApp()
  return (
    <div class="empty" data-waiting={app.settled.value ? undefined : ''}>
      <div>
        <h2>{texts.empty.title}</h2>
        <p>{texts.empty.lead}</p>
      </div>
      <ul class="examples">
        {texts.empty.examples.map((example) => (
          <li key={example.title}>
            <button class="example" type="button" onClick={() => (app.suggestion.value = example.text)}>
              <span>
                <strong>{example.title}</strong>
                <span dir="auto">{unbroken(example.text)}</span>
              </span>
              <img src={pictures[example.picture]} width="216" height="216" alt="" />
            </button>
          </li>
        ))}
      </ul>
      <OfflineNotice />
    </div>
  )
}

/** Keeps an option and its value on one line. */
function unbroken(text: string): ComponentChild[] {
  return text
    .split(/(--\S+(?: (?!--)\S+)?)/)
    .map((part) => (part.startsWith('--') ? <span class="unbroken">{part}</span> : part))
}
