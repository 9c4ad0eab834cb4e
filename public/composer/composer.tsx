import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { AspectRatio } from '../../server/contract/images.ts'
import { sayMistake } from '../../server/contract/slash-mistake.ts'
import type { ImageOptions } from '../../server/contract/turns.ts'
import { useApp } from '../app/app.ts'
import { Attachments, shownAttachments, uploadsOf } from '../app/attachments.ts'
import { expectedOf } from '../app/live-turn.ts'
import { usualModel } from '../app/usual-models.ts'
import type { Outgoing } from '../app/message-queue.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { Banner } from '../parts/banner.tsx'
import { fetchMessages } from '../conversation/transcript.tsx'
import { lazy } from '../parts/lazy.tsx'
import { EaselError } from '../sdk/easel-error.ts'
import { messageTextLimit } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'
import { AllowanceLine } from './allowance-line.tsx'
import { AttachmentStrip } from './attachment-strip.tsx'
import { ComposerBar } from './composer-bar.tsx'
import { Dock } from './dock.tsx'
import { optionId, Palette, paletteId } from './palette.tsx'
import { priceOf } from './price.ts'
import { readSlash } from './read-slash.ts'
import { suggest, type Suggestion } from './suggestions.ts'
import { useDispatch } from './use-dispatch.ts'
import { useDraft } from './use-draft.ts'
import { useDrop } from './use-drop.ts'
import { useGrowth } from './use-growth.ts'

const MessageQueueList = lazy(async () => (await import('./message-queue-list.tsx')).MessageQueueList)

interface ComposerProps {
  open: OpenConversation
  /** Told that a message goes out, so that the page shows its end. */
  onSend: () => void
  /** Told when there is more or less room above it. */
  onResize: () => void
  /** What floats above it. */
  children?: ComponentChildren
}

/** Where messages are written. */
export function Composer({ open, onSend, onResize, children }: ComposerProps) {
  const app = useApp()
  const box = useRef<HTMLTextAreaElement>(null)
  const attachments = useMemo(() => new Attachments(app.easel, app.now), [app, open])
  const { queue, seen: pictures } = open
  const waiting = queue.items.value
  const [text, setText, keepDraft] = useDraft(open, attachments)
  const [caret, setCaret] = useState(text.length)
  const [chosen, setChosen] = useState(0)
  const [closedAt, setClosedAt] = useState<string>()
  const [refusal, setRefusal] = useState<string>()
  const [asPicture, setAsPicture] = useState(false)
  const [shape, setShape] = useState<AspectRatio | ''>('')
  const [chatChoice, setChatChoice] = useState<string>()
  const [imageChoice, setImageChoice] = useState<string>()

  const commands = app.offers.commands.value
  const models = app.offers.models.value
  const running = open.isRunning.value
  const slash = useMemo(() => readSlash(text, commands), [text, commands])
  const paints =
    asPicture || (slash.kind === 'command' && slash.name === 'image') || /^\s*\/image\b/i.test(text)
  const found = closedAt === text ? undefined : suggest(text, caret, commands, models)
  const isDragging = useDrop((dropped) => attachments.add(dropped))

  const chatModels = models?.chat ?? []
  const imageModels = models?.image ?? []
  const conversation = open.conversation.value
  // What was chosen here counts before the conversation's own, and that before what the browser remembers.
  const chat = usualModel(chatModels, [
    chatChoice,
    conversation?.chat_model,
    app.remembered.read('chat-model'),
  ])
  const painter = usualModel(imageModels, [
    imageChoice,
    conversation?.settings.image_model,
    app.remembered.read('image-model'),
  ])
  const chatModel = chat.id
  const imageModel = painter.id
  const price = paints ? priceOf(text, slash, imageModel, imageModels) : undefined
  const sees = chatModels.find((model) => model.id === chatModel)?.vision === true && !paints
  const attachedNow = shownAttachments(attachments.items.value)
  // What is shown of the middle of a conversation does not tell what the model sees at its end.
  const strip =
    sees && open.newer.cursor.value === null
      ? pictures.strip(
          open.entries.value.map((entry) => entry.message.value),
          attachedNow,
        )
      : []

  const write = (next: string, at = next.length) => {
    // By the time it is sent, what draws messages is there.
    if (next !== '') void fetchMessages()
    setText(next)
    setCaret(at)
    setChosen(0)
    setRefusal(undefined)
  }
  useLayoutEffect(() => {
    if (window.matchMedia('(pointer: fine)').matches) box.current?.focus()
  }, [open])
  useGrowth(box, text)

  const suggestion = app.suggestion.value
  useLayoutEffect(() => {
    if (suggestion === undefined) return
    app.suggestion.value = undefined
    write(suggestion)
    setClosedAt(suggestion)
    box.current?.focus()
  }, [suggestion])

  const complete = (item: Suggestion) => {
    if (!found) return
    const next = `${text.slice(0, found.from)}${item.insert}${text.slice(caret).trimStart()}`
    const at = found.from + item.insert.length
    write(next, at)
    if (!box.current) return
    // At once rather than with the next render: a fast hand types on.
    box.current.value = next
    box.current.setSelectionRange(at, at)
    box.current.focus()
  }

  /** The message as it stands in the box; undefined when there is none, or it is refused here already. */
  const compose = (): Outgoing | undefined => {
    if (text.trim() === '' && attachments.items.peek().length === 0) return undefined
    const fault = faultOf(
      text,
      attachments,
      slash.kind === 'mistake' ? sayMistake(slash.mistake, texts.slash) : undefined,
    )
    if (fault !== undefined) {
      setRefusal(fault)
      return undefined
    }
    const taken = attachments.take()
    const options: ImageOptions = {
      ...(painter.wished ? { model: painter.id } : {}),
      ...(shape ? { aspect_ratio: shape } : {}),
    }
    const context = sees ? pictures.context() : undefined
    const message = {
      messageText: text,
      ...(asPicture ? { checkboxes: { generate_image: true } } : {}),
      ...(chat.wished ? { model: chat.id } : {}),
      ...(paints && Object.keys(options).length > 0 ? { image_options: options } : {}),
      ...(taken.length > 0 ? { attachments: uploadsOf(taken).map((upload) => upload.id) } : {}),
      ...(context ? { image_context: context } : {}),
    }
    const expected = expectedOf(slash, {
      asPicture,
      aspectRatio: shape || (conversation?.settings.aspect_ratio ?? undefined),
    })
    return { key: queue.nextKey(), message, expected, taken, idempotencyKey: app.newKey() }
  }

  const { dispatch, refused } = useDispatch({ open, box, attachments, write, onSend, onRefusal: setRefusal })
  const send = () => {
    const outgoing = compose()
    if (!outgoing) return
    write('')
    if (running) queue.add(outgoing)
    else void dispatch(outgoing)
  }

  const sendWaiting = (outgoing: Outgoing) => {
    const taken = queue.take(outgoing.key)
    if (taken) void dispatch(taken)
  }
  const editWaiting = (outgoing: Outgoing) => {
    const taken = queue.take(outgoing.key)
    if (!taken) return
    attachments.restore(taken.taken)
    setAsPicture(taken.message.checkboxes?.['generate_image'] === true)
    write([taken.message.messageText, text].filter(Boolean).join('\n\n'))
    box.current?.focus()
  }
  const wasRunning = useRef(running)
  useEffect(() => {
    const ended = wasRunning.current && !running
    wasRunning.current = running
    const first = queue.items.peek()[0]
    // After a failure the next words may no longer be what is wanted either.
    const failed = open.entries.peek().at(-1)?.message.peek().state === 'failed'
    if (ended && first && !failed && !refused.current) sendWaiting(first)
  }, [running])

  /** What was sent last comes back into an empty box. */
  const recall = (): boolean => {
    const sent = open.entries.peek().findLast((entry) => entry.message.peek().sender === 'user')
    if (text !== '' || !sent || !open.isAtEnd) return false
    write(sent.message.peek().text)
    setClosedAt(sent.message.peek().text)
    return true
  }

  const onKeyDown = (event: KeyboardEvent) => {
    // Safari ends a composition before the key event of the Enter that ended it; 229 gives it away.
    if (event.isComposing || event.keyCode === 229) return
    const item = found?.items[chosen]
    if (found && item) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        const step = event.key === 'ArrowDown' ? 1 : -1
        setChosen((chosen + step + found.items.length) % found.items.length)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        setClosedAt(text)
        return
      }
      const completes = event.key === 'Tab' || (event.key === 'Enter' && !item.complete)
      if (completes && !event.shiftKey) {
        event.preventDefault()
        complete(item)
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && recall()) event.preventDefault()
  }

  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...(event.clipboardData?.files ?? [])]
    if (pasted.length === 0) return
    event.preventDefault()
    attachments.add(pasted)
  }

  const chooseChat = (id: string) => {
    setChatChoice(id)
    open.patch({ chat_model: id }).catch((thrown: unknown) => {
      if (!(thrown instanceof EaselError)) throw thrown
      setRefusal(thrown.message)
    })
  }

  const chooseImage = (id: string) => {
    setImageChoice(id)
    app.remembered.keep('image-model', id)
  }

  const complaint = refusal ?? attachments.refused.value
  return (
    <>
      <Dock
        onResize={onResize}
        above={
          <>
            {children}
            {complaint && (
              <div class="dock__banner">
                <Banner
                  kind="danger"

                  onDismiss={() => {
                    setRefusal(undefined)
                    attachments.refused.value = undefined
                  }}
                >
                  {complaint}
                </Banner>
              </div>
            )}
            {app.offers.unread.value && (
              <div class="dock__banner">
                <Banner
                  kind="danger"
                  action={{ label: texts.retry, run: () => void app.offers.readMissing() }}
                >
                  {texts.composer.offersUnreadable} {app.offers.unread.value.message}
                </Banner>
              </div>
            )}
            {waiting.length > 0 && (
              <MessageQueueList
                queue={queue}
                onEdit={editWaiting}
                onSend={running ? undefined : sendWaiting}
              />
            )}
            {found && <Palette suggestions={found} chosen={chosen} onChoose={complete} onPoint={setChosen} />}
            <AttachmentStrip attachments={attachments} />
          </>
        }
      >
        <form
          class="composer"
          aria-label={texts.composer.label}
          data-dragging={isDragging ? '' : undefined}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <label class="only-read" for="composer">
            {texts.composer.label}
          </label>
          <textarea
            ref={box}
            id="composer"
            rows={1}
            dir="auto"
            placeholder={running ? texts.composer.placeholderRunning : texts.composer.placeholder}
            aria-autocomplete="list"
            aria-controls={found ? paletteId : undefined}
            aria-activedescendant={found ? optionId(chosen) : undefined}
            aria-describedby="composer-keys"
            value={text}
            onInput={(event) => write(event.currentTarget.value, event.currentTarget.selectionStart)}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            // What replaces the words looks for them there.
            onBlur={keepDraft}
          />
          <ComposerBar
            asPicture={asPicture}
            onAsPicture={setAsPicture}
            shape={paints ? shape || (conversation?.settings.aspect_ratio ?? '') : undefined}
            onShape={setShape}
            seen={strip}
            pictures={pictures}
            choice={
              paints
                ? {
                    key: 'image',
                    label: texts.composer.imageModel,
                    models: imageModels,
                    chosen: imageModel,
                    onChoose: chooseImage,
                  }
                : {
                    key: 'chat',
                    label: texts.composer.model,
                    models: chatModels,
                    chosen: chatModel,
                    onChoose: chooseChat,
                  }
            }
            price={price}
            onFiles={(chosenFiles) => attachments.add(chosenFiles)}
            onStop={running ? () => open.stop() : undefined}
          />
        </form>
        <div class="dock__foot">
          <span class="wide" id="composer-keys">
            {texts.composer.keys}
          </span>
          <AllowanceLine />
        </div>
      </Dock>
      {isDragging && (
        <p class="drop-place" role="status">
          {texts.composer.drop}
        </p>
      )}
    </>
  )
}

/** What the page can tell before it asks the server. */
function faultOf(text: string, attachments: Attachments, mistake: string | undefined): string | undefined {
  if (text.length > messageTextLimit) return texts.composer.tooLong(messageTextLimit)
  if (attachments.isBusy.peek()) return texts.composer.waitUploads
  const failed = attachments.items.peek().find((item) => item.failure.peek() !== undefined)
  if (failed) return `${failed.name}: ${failed.failure.peek()}`
  return mistake
}
