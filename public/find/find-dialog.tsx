import { ChevronRight, MessageSquare } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { EaselError } from '../sdk/easel-error.ts'
import { marked } from '../sidebar/marked.tsx'
import '../styles/find.css'
import { texts } from '../texts/texts.ts'
import { actionsOf, matching } from './actions.ts'
import { Finding } from './finding.ts'

const words = texts.find
/** Milliseconds without a key after which the server is asked. */
const restTime = 180
const optionId = (index: number) => `found-${index}`

interface Option {
  key: string
  group: string
  start: ComponentChildren
  name: ComponentChildren
  more?: ComponentChildren
  run: () => void
}

/** One place to find conversations, pictures and everything that can be done. */
export function FindDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const finding = useMemo(() => new Finding(app.easel), [app])
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = text.trim()

  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  useEffect(() => {
    const timer = setTimeout(() => void finding.search(wanted), wanted === '' ? 0 : restTime)
    return () => clearTimeout(timer)
  }, [finding, wanted])
  useEffect(() => () => finding.leave(), [finding])

  const state = finding.state.value
  const options = useOptions(finding, wanted)
  const chosen = Math.min(at, Math.max(0, options.length - 1))
  useEffect(() => {
    document.getElementById(optionId(chosen))?.scrollIntoView({ block: 'nearest' })
  }, [chosen])

  const take = (option: Option | undefined) => {
    if (!option) return
    onClose()
    // After the dialog is gone, and the focus back where it was.
    setTimeout(option.run)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && options.length > 0) {
      event.preventDefault()
      setAt((chosen + step + options.length) % options.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(options[chosen])
    }
  }
  return (
    <dialog
      ref={dialog}
      class="palette palette--find"
      aria-label={words.label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <label class="only-read" for="find-input">
        {words.label}
      </label>
      <input
        class="palette__input"
        id="find-input"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls="found"
        aria-activedescendant={options.length > 0 ? optionId(chosen) : undefined}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        maxLength={200}
        placeholder={words.placeholder}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      {state instanceof EaselError && (
        <Banner kind="danger" action={{ label: texts.retry, run: () => void finding.search(wanted) }}>
          {words.unreadable} {state.message}
        </Banner>
      )}
      {wanted === '' && app.list.state.value instanceof EaselError && (
        <Banner kind="danger" action={{ label: texts.retry, run: () => void app.list.tryAgain() }}>
          {texts.sidebar.unreadable} {app.list.state.value.message}
        </Banner>
      )}
      <ul id="found" role="listbox" aria-label={words.found} aria-busy={state === 'searching'}>
        {options.flatMap((option, index) => [
          options[index - 1]?.group === option.group ? null : (
            <li role="presentation" key={option.group}>
              {option.group}
            </li>
          ),
          <li
            key={option.key}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setAt(index)}
            onClick={() => take(option)}
          >
            {option.start}
            <span dir="auto">{option.name}</span>
            <small dir="auto">{option.more}</small>
            <span />
          </li>,
        ])}
      </ul>
      {options.length === 0 && state === 'ready' && (
        <p class="palette__nothing quiet" role="status">
          {words.nothing(wanted)}
        </p>
      )}
    </dialog>
  )
}

/** What is found for the words; without any, the latest conversations and all actions. */
function useOptions(finding: Finding, wanted: string): Option[] {
  const app = useApp()
  const found = wanted === '' ? app.list.items.value.slice(0, 5) : finding.conversations.value
  const conversations = found
    .filter((item) => !app.list.isHidden(item.id))
    .map((item) => ({
      key: item.id,
      group: wanted === '' ? words.recent : words.conversations,
      start: <Icon of={MessageSquare} />,
      name: item.title,
      more: snippetOf(item),
      run: () => app.go(pathOf(item.id, item.hits?.[0]?.message_id)),
    }))
  const pictures = finding.pictures.value.map((image) => ({
    key: image.id,
    group: words.pictures,
    start: <img src={`${image.url}?w=256`} width="20" height="20" alt="" />,
    name: image.caption || image.prompt,
    more: image.number === null ? undefined : texts.picture.number(image.number),
    run: () => app.lookAt(image, { among: finding.pictures.peek() }),
  }))
  const actions = matching(actionsOf(app), wanted).map((action) => ({
    key: action.name,
    group: words.actions,
    start: <Icon of={ChevronRight} directed />,
    name: action.name,
    run: action.run,
  }))
  return [...conversations, ...(wanted === '' ? [] : pictures), ...actions]
}

function snippetOf(item: Conversation): ComponentChildren {
  const hit = item.hits?.[0]
  return hit && marked(hit.snippet)
}
