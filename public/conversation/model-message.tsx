import { Info, RotateCw, TriangleAlert } from 'lucide'
import { useCallback } from 'preact/hooks'
import type { Message } from '../../server/contract/messages.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import type { Entry } from '../app/shown-messages.ts'
import { Markdown } from '../markdown/markdown.tsx'
import { isOwnPicture } from '../markdown/safe-url.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Safely } from '../parts/safely.tsx'
import { sayProblem, saySentence } from '../texts/say-problem.ts'
import { texts } from '../texts/texts.ts'
import { Figures } from './figures.tsx'
import { InlinePicture } from './inline-picture.tsx'
import { PictureSet, slotsOf } from './picture-set.tsx'
import { Versions } from './versions.tsx'

interface ModelMessageProps {
  entry: Entry
  open: OpenConversation
  last: boolean
}

/** What a model answered: its words, its pictures, and what became of the turn. */
export function ModelMessage({ entry, open, last }: ModelMessageProps) {
  const message = entry.message.value
  const live = entry.live.value
  const streaming = message.state === 'streaming'
  const text = streaming && live && live.text.length >= message.text.length ? live.text : message.text
  const slots = slotsOf(message, live)
  const conversationId = message.conversation_id
  const again = () => void open.answerAgain(entry)

  const known = useCallback(
    (href: string) => message.generated_images.find((image) => image.url === href),
    [message.generated_images],
  )
  const picture = useCallback(
    (href: string, alt: string) =>
      isOwnPicture(href, conversationId) ? (
        <InlinePicture href={href} alt={alt} image={known(href)} />
      ) : undefined,
    [conversationId, known],
  )
  // The pictures of a message stand together, each in the frame it was painted in.
  const pictures = useCallback(
    (hrefs: readonly string[]) => {
      if (!hrefs.every((href) => isOwnPicture(href, conversationId))) return undefined
      const unknown = hrefs.filter((href) => !known(href) && !streaming)
      return <>{unknown.map((href) => picture(href, ''))}</>
    },
    [conversationId, known, picture, streaming],
  )
  const waiting = streaming && text === '' && slots.length === 0

  return (
    <article
      class="message message--model"
      aria-label={texts.message.model}
      aria-busy={streaming}
      data-last={last ? '' : undefined}
      data-state={message.state}
      data-written-here={live ? '' : undefined}
      data-message={message.id}
    >
      {slots.length > 0 && (
        <PictureSet
          slots={slots}
          live={live}
          model={message.model}
          cancel={streaming ? () => open.stop() : undefined}
          again={streaming || open.isRunning.value ? undefined : again}
        />
      )}
      <Safely fallback={<div class="prose as-written" dir="auto" children={text} />}>
        <Markdown text={text} streaming={streaming} picture={picture} pictures={pictures} />
      </Safely>
      {waiting && (
        <p class="prose">
          <span class="caret" role="img" aria-label={live?.label ?? texts.message.thinking} />
        </p>
      )}
      {live?.fallback && message.state === 'complete' && slots.length > 0 && (
        <Note>{texts.picture.fallback}</Note>
      )}
      {message.warning && <Note>{saySentence(message.warning)}</Note>}
      {!streaming && (
        <Ending
          message={message}
          hasSlots={slots.length > 0}
          again={open.isRunning.value ? undefined : again}
        />
      )}
      {!streaming && <Tools message={message} open={open} again={again} />}
    </article>
  )
}

function Note({ children }: { children: string }) {
  return (
    <div class="banner banner--card" data-kind="info" role="note">
      <Icon of={Info} />
      <p dir="auto">{children}</p>
    </div>
  )
}

/** A turn that did not end well says why, what is kept and what can be done. */
function Ending({
  message,
  hasSlots,
  again,
}: {
  message: Message
  hasSlots: boolean
  again: (() => void) | undefined
}) {
  // A picture that failed says so in its own frame.
  if (hasSlots && message.generated_images.length === 0) return null
  const words = endWords(message)
  if (words === undefined) return null
  const failed = message.state === 'failed' || message.error !== undefined
  return (
    <div class="banner banner--card" data-kind={failed ? 'danger' : 'info'} role={failed ? 'alert' : 'note'}>
      <Icon of={failed ? TriangleAlert : Info} />
      <p dir="auto">{words}</p>
      {again && message.error?.retryable !== false && (
        <button class="button" type="button" onClick={again}>
          <Icon of={RotateCw} small />
          {texts.retry}
        </button>
      )}
    </div>
  )
}

/** What is said below a message that ended otherwise than complete. */
export function endWords(message: Message): string | undefined {
  if (message.error) {
    const wait = message.error.retry_after
    const said = sayProblem(message.error)
    // A translation names the time itself.
    return wait === undefined || said !== message.error.message ? said : `${said} ${texts.message.wait(wait)}`
  }
  const hasContent = message.text.trim() !== '' || message.generated_images.length > 0
  switch (message.state) {
    case 'failed':
      return texts.message.failed
    case 'cancelled':
      return hasContent ? texts.message.stopped : texts.message.stoppedEmpty
    case 'interrupted':
      return texts.message.interrupted
    case 'complete':
      return hasContent ? undefined : texts.message.empty
    case 'streaming':
      return undefined
    default:
      return message.state satisfies never
  }
}

function Tools({ message, open, again }: { message: Message; open: OpenConversation; again: () => void }) {
  const running = open.isRunning.value
  const words = message.text.replaceAll(/!\[[^\]]*\]\([^)]*\)\s*/g, '').trim()
  const againLabel = message.kind === 'image' ? texts.message.paintAgain : texts.message.again
  // What failed has its own way to try again, in its frame or under its words.
  const canRepeat =
    message.state === 'complete' &&
    message.turn_id !== null &&
    (message.kind === 'chat' || message.kind === 'image')
  return (
    <div class="message__tools">
      <Versions message={message} open={open} />
      {words !== '' && <CopyButton text={words} label={texts.message.copy} />}
      {canRepeat && <IconButton icon={RotateCw} label={againLabel} disabled={running} onClick={again} />}
      <Figures message={message} />
    </div>
  )
}
