import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'

const words = texts.panel

/** Milliseconds without a key after which the pad is saved; leaving it saves it at once. */
const restTime = 1200
/** The most characters that the server keeps. */
const mostCharacters = 20_000

/** What the models keep in mind here, written by the user and by `/remember`. */
export function MemoryPad({ conversation }: { conversation: Conversation }) {
  const app = useApp()
  const { id } = conversation
  const [text, setText] = useState(conversation.memory_pad)
  const [saved, setSaved] = useState(false)
  const { busy, failure, run } = useAction()
  /** What the server has, and what stands here, for the moment when the panel goes. */
  const kept = useRef(conversation.memory_pad)
  const latest = useRef(text)

  useEffect(() => {
    // Written elsewhere meanwhile: shown, unless something is being written here.
    if (latest.current === kept.current) setText((latest.current = conversation.memory_pad))
    kept.current = conversation.memory_pad
  }, [conversation.memory_pad])

  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const save = () => {
    // What is refused now is not tried again by itself: that is asked for.
    clearTimeout(rest.current)
    const next = latest.current
    if (next === kept.current) return
    void run(async () => {
      await app.conversations.patch(id, { memory_pad: next })
      kept.current = next
      setSaved(true)
    })
  }
  useLayoutEffect(() => {
    if (text !== kept.current) rest.current = setTimeout(save, restTime)
    return () => clearTimeout(rest.current)
  }, [text])
  useEffect(
    () => () => {
      const next = latest.current
      if (next !== kept.current) void app.attempt(() => app.conversations.patch(id, { memory_pad: next }))
    },
    [app, id],
  )
  const write = (next: string) => {
    latest.current = next
    setSaved(false)
    setText(next)
  }
  return (
    <section>
      <div class="section-head">
        <h3 id="memory-pad-title">{words.memory}</h3>
        <span class="figures" role="status">
          {busy ? words.saving : saved && words.saved}
        </span>
      </div>
      <textarea
        class="input memory-pad"
        aria-labelledby="memory-pad-title"
        aria-describedby="memory-pad-hint"
        dir="auto"
        rows={4}
        maxLength={mostCharacters}
        placeholder={words.memoryPlaceholder}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        onBlur={save}
      />
      <p class="figures" id="memory-pad-hint">
        {words.memoryHint}
      </p>
      {failure && (
        <Banner kind="danger" action={{ label: texts.retry, run: save }}>
          {words.notSaved} {failure}
        </Banner>
      )}
    </section>
  )
}
