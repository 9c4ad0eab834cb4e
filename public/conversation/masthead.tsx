import { PanelRight } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { TitleField } from '../parts/title-field.tsx'
import { ConversationMenu } from '../sidebar/conversation-menu.tsx'
import { SidebarButton } from '../sidebar/sidebar-button.tsx'
import { texts } from '../texts/texts.ts'

/** What the conversation is called, and the ways to what stands beside it. */
export function Masthead() {
  const app = useApp()
  const open = app.open.value
  const conversation = open.conversation.value
  const id = open.id.value
  const title = conversation?.title || texts.conversation.untitled
  const renaming = app.renaming.value
  const [scrolled, setScrolled] = useState(false)
  useEffect(() => {
    const look = () => setScrolled(window.scrollY > 4)
    window.addEventListener('scroll', look, { passive: true })
    return () => window.removeEventListener('scroll', look)
  }, [])
  return (
    <header class="masthead" data-scrolled={scrolled ? '' : undefined}>
      <SidebarButton />
      {id !== undefined && renaming?.place === 'head' && renaming.id === id ? (
        <TitleField
          title={title}
          onSave={(next) => void app.attempt(() => app.conversations.patch(id, { title: next }))}
          onEnd={() => (app.renaming.value = undefined)}
        />
      ) : (
        <h1 dir="auto" title={title}>
          {title}
        </h1>
      )}
      {id !== undefined && conversation && (
        <>
          <ConversationMenu item={conversation} place="head" />
          <IconButton
            directed
            icon={PanelRight}
            label={texts.conversation.about}
            aria-controls="panel"
            aria-expanded={app.drawers.panelOpen.value}
            onClick={() => app.drawers.openPanel(!app.drawers.panelOpen.peek())}
          />
        </>
      )}
    </header>
  )
}
