import { Archive, Contrast, Image, MessageSquare, User, type IconNode } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { AccountSection } from '../settings/account-section.tsx'
import { AppearanceSection } from '../settings/appearance-section.tsx'
import { DataSection } from '../settings/data-section.tsx'
import { ModelsSection } from '../settings/models-section.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/settings.css'
import { Sheet } from './sheet.tsx'

const words = texts.settings

interface Section {
  name: 'account' | 'models' | 'appearance' | 'image' | 'data'
  icon: IconNode
  page: ComponentChildren
}

/** All settings on one page, with a way to each section beside it. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const page = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState<Section['name']>('account')
  const session = app.session.value
  if (session.state !== 'user') return null
  const sections: Section[] = [
    { name: 'account', icon: User, page: <AccountSection user={session.user} /> },
    { name: 'models', icon: MessageSquare, page: <ModelsSection /> },
    { name: 'appearance', icon: Contrast, page: <AppearanceSection /> },
    { name: 'image', icon: Image, page: <ImageSection /> },
    { name: 'data', icon: Archive, page: <DataSection /> },
  ]
  const show = (name: Section['name']) => {
    const heading = document.getElementById(headingOf(name))
    heading?.scrollIntoView({ block: 'start' })
    heading?.focus({ preventScroll: true })
    setCurrent(name)
  }
  /** The section that reaches into the upper part of the view; at the end of the page the last. */
  const look = () => {
    const element = page.current
    if (!element) return
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 4
    const line = element.getBoundingClientRect().top + element.clientHeight / 3
    const above = sections.filter(({ name }) => {
      const heading = document.getElementById(headingOf(name))
      return heading !== null && heading.getBoundingClientRect().top <= line
    })
    const now = (atEnd ? sections : above).at(-1)
    if (now) setCurrent(now.name)
  }
  return (
    <Sheet id="settings-dialog" title={words.title} onClose={onClose}>
      <div class="settings">
        <nav class="settings__sections" aria-label={words.sections}>
          <ul>
            {sections.map(({ name, icon }) => (
              <li key={name}>
                <button
                  class="row"
                  type="button"
                  aria-current={current === name ? 'true' : undefined}
                  onFocus={(event) =>
                    event.currentTarget.scrollIntoView({ block: 'nearest', inline: 'nearest' })
                  }
                  onClick={() => show(name)}
                >
                  <Icon of={icon} />
                  <span>{words[name]}</span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div class="settings__page" ref={page} onScroll={look}>
          {sections.map(({ name, page: content }) => (
            <section key={name} aria-labelledby={headingOf(name)}>
              <h3 id={headingOf(name)} tabIndex={-1}>
                {words[name]}
              </h3>
              {content}
            </section>
          ))}
        </div>
      </div>
    </Sheet>
  )
}

function headingOf(name: string): string {
  return `settings-${name}`
}

function ImageSection() {
  const app = useApp()
  return (
    <>
      <h4>{words.actions}</h4>
      <p class="quiet">{words.actionsText}</p>
      <button
        class="button button--primary"
        id="settings-generate-image-button"
        type="button"
        onClick={() => (app.dialog.value = { kind: 'image' })}
      >
        <Icon of={Image} />
        {words.image}
      </button>
    </>
  )
}
