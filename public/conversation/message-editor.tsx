import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Message } from '../../server/contract/messages.ts'
import { sayMistake } from '../../server/contract/slash-mistake.ts'
import { useApp } from '../app/app.ts'
import { expectedOf } from '../app/live-turn.ts'
import type { OpenConversation } from '../app/open-conversation.ts'
import { readSlash } from '../composer/read-slash.ts'
import { EaselError } from '../sdk/easel-error.ts'
import { messageTextLimit } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'
import '../styles/message-editor.css'

interface MessageEditorProps {
  message: Message
  open: OpenConversation
}

/** The composer in the place of a message: sent again it becomes a new version, and the old one is kept. */
export function MessageEditor({ message, open }: MessageEditorProps) {
  const app = useApp()
  const box = useRef<HTMLTextAreaElement>(null)
  const { text, refusal } = open.editing.value ?? { text: message.text }
  const running = open.isRunning.value

  useLayoutEffect(() => {
    box.current?.focus()
    box.current?.setSelectionRange(message.text.length, message.text.length)
  }, [message.id])
  useLayoutEffect(() => {
    const element = box.current
    if (!element || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text])

  const write = (next: string) => (open.editing.value = { id: message.id, text: next })
  const refuse = (words: string) => (open.editing.value = { id: message.id, text, refusal: words })
  const end = () => (open.editing.value = undefined)
  /** Ends the editing when the work is done; refused words stay in the box. */
  const attempt = async (work: () => Promise<void>) => {
    write(text)
    try {
      await work()
      end()
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      refuse(thrown.message)
    }
  }
  const isSendable = !running && (text.trim() !== '' || message.attachments.length > 0)
  const send = () => {
    if (!isSendable) return
    const slash = readSlash(text, app.offers.commands.peek())
    if (slash.kind === 'mistake') {
      refuse(sayMistake(slash.mistake, texts.slash))
      return
    }
    // A picture that was asked for by the button, rather than by a command, is asked for once more.
    const asPicture = message.kind === 'image' && slash.kind === 'text'
    const again = {
      messageText: text,
      parent_id: message.parent_id,
      ...(asPicture ? { checkboxes: { generate_image: true } } : {}),
      ...(message.attachments.length > 0 ? { attachments: message.attachments.map(({ id }) => id) } : {}),
    }
    void attempt(() => open.send(again, expectedOf(slash, { asPicture }), message.attachments))
  }
  const correct = () => {
    if (text.trim() === '') return
    void attempt(() => open.correct(message.id, text))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      end()
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      correct()
    }
  }
  return (
    <form
      class="message__editor"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={box}
        dir="auto"
        rows={1}
        maxLength={messageTextLimit}
        aria-label={texts.message.editLabel}
        aria-describedby={`hint-${message.id}`}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {refusal && (
        <p class="hint hint--problem" role="alert">
          {refusal}
        </p>
      )}
      <div class="message__editor-bar">
        <span class="figures" id={`hint-${message.id}`}>
          {texts.message.editKeys}
        </span>
        <span class="push" />
        <button class="button button--plain" type="button" onClick={end}>
          {texts.cancel}
        </button>
        <button
          class="button button--plain"
          type="button"
          disabled={running || text.trim() === '' || text === message.text}
          onClick={correct}
        >
          {texts.message.correct}
        </button>
        <button class="button" type="submit" disabled={!isSendable}>
          {texts.message.sendEdited}
        </button>
      </div>
    </form>
  )
}
