import { ChevronLeft, ChevronRight } from 'lucide'
import { useRef } from 'preact/hooks'
import type { Message } from '../../server/contract/messages.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { texts } from '../texts/texts.ts'

/** Steps through the versions of a message; with each comes what followed it. */
export function Versions({ message, open }: { message: Message; open: OpenConversation }) {
  const { siblings } = message
  /** The version that is on its way: the next step goes on from there. */
  const coming = useRef<string>(undefined)
  if (!siblings || siblings.total < 2) return null
  const at = siblings.ids.indexOf(message.id)
  const running = open.isRunning.value
  // One at its end keeps the focus, so that the keys go on working.
  const step = async (by: number) => {
    const from = siblings.ids.indexOf(coming.current ?? message.id)
    const to = siblings.ids[from + by]
    if (!to || running) return
    coming.current = to
    await open.showVersion(to)
    if (coming.current === to) coming.current = undefined
  }
  return (
    <span class="versions">
      <IconButton
        directed
        icon={ChevronLeft}
        label={texts.message.earlier}
        aria-disabled={running || at <= 0}
        onClick={() => void step(-1)}
      />
      <span role="img" aria-label={texts.message.version(at + 1, siblings.total)}>
        {at + 1}/{siblings.total}
      </span>
      <IconButton
        directed
        icon={ChevronRight}
        label={texts.message.later}
        aria-disabled={running || at >= siblings.total - 1}
        onClick={() => void step(1)}
      />
    </span>
  )
}
