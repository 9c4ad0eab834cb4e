import { X } from 'lucide'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { useDrawer } from '../parts/use-drawer.ts'
import { texts } from '../texts/texts.ts'
import '../styles/side-panel.css'
import { ContactSheet } from './contact-sheet.tsx'
import { MemoryPad } from './memory-pad.tsx'
import { Preferences } from './preferences.tsx'

const words = texts.panel

/** What is known of the conversation beside its messages. */
export function SidePanel({ conversation }: { conversation: Conversation }) {
  const app = useApp()
  const panel = useRef<HTMLElement>(null)
  const { id } = conversation
  useDrawer(panel, true, () => app.drawers.openPanel(false))
  useLayoutEffect(() => {
    const element = panel.current
    if (!element || getComputedStyle(element).position !== 'fixed') return undefined
    const closeBeside = (event: PointerEvent) => {
      const target = event.target instanceof Element ? event.target : undefined
      // Its own button closes it as well, and would open it again.
      if (target && !element.contains(target) && !target.closest('dialog, [popover], [aria-controls=panel]'))
        app.drawers.openPanel(false)
    }
    document.addEventListener('pointerdown', closeBeside)
    return () => document.removeEventListener('pointerdown', closeBeside)
  }, [app])
  return (
    <aside ref={panel} class="side-panel" id="panel" aria-label={texts.conversation.about} data-open="">
      <div class="side-panel__head">
        <h2>{texts.conversation.about}</h2>
        <IconButton
          icon={X}
          label={words.close}
          onClick={() => {
            app.drawers.openPanel(false)
            document.querySelector<HTMLElement>('[aria-controls=panel]')?.focus()
          }}
        />
      </div>
      <section>
        <div class="section-head">
          <h3>{words.summary}</h3>
        </div>
        {conversation.summary.trim() === '' ? (
          <p class="figures">{words.noSummary}</p>
        ) : (
          <p class="side-panel__summary" dir="auto">
            {conversation.summary}
          </p>
        )}
      </section>
      <MemoryPad key={`pad-${id}`} conversation={conversation} />
      <ContactSheet key={`pictures-${id}`} conversation={conversation} />
      <Preferences conversation={conversation} />
    </aside>
  )
}
