import { Search, Star } from 'lucide'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { longestWords, type Filters } from './filters.ts'

const words = texts.gallery

/** Milliseconds without a key after which is searched. */
const restTime = 250

export interface FilterBarProps {
  filters: Filters
  onFilter: (part: Partial<Filters>) => void
}

/** What narrows the gallery down. */
export function FilterBar({ filters, onFilter }: FilterBarProps) {
  const { models, unread } = useApp().offers
  const { q, starred, model, source, time } = filters
  const [typed, setTyped] = useState(q)
  /** The words that were asked for last: whoever writes on meanwhile does not get them back. */
  const asked = useRef(q)
  const ask = () => {
    asked.current = typed
    onFilter({ q: typed })
  }
  useLayoutEffect(() => {
    if (q !== asked.current) setTyped((asked.current = q))
  }, [q])
  useEffect(() => {
    if (typed === asked.current) return undefined
    const timer = setTimeout(ask, restTime)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <form
      class="gallery__filters"
      role="search"
      aria-label={words.title}
      onSubmit={(event) => {
        event.preventDefault()
        ask()
      }}
    >
      <div class="search">
        <Icon of={Search} />
        <input
          class="input"
          type="search"
          dir="auto"
          aria-label={words.search}
          placeholder={words.search}
          maxLength={longestWords}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <div class="gallery__choices" role="group" aria-label={words.filters}>
        <button
          class="button"
          type="button"
          aria-pressed={starred}
          onClick={() => onFilter({ starred: !starred })}
        >
          <Icon of={Star} small />
          {words.starred}
        </button>
        <Choice
          label={words.anyModel}
          value={model}
          options={(models.value?.image ?? []).map(({ id, name }) => [id, name] as const)}
          unreadable={!models.value && unread.value ? texts.settings.modelsUnreadable : undefined}
          onChoose={(value) => onFilter({ model: value })}
        />
        <Choice
          label={words.anySource}
          value={source}
          options={entriesOf<Filters['source']>(words.sources)}
          onChoose={(value) => onFilter({ source: value })}
        />
        <Choice
          label={words.anyTime}
          value={time}
          options={entriesOf<Filters['time']>(words.times)}
          onChoose={(value) => onFilter({ time: value })}
        />
      </div>
    </form>
  )
}

function entriesOf<Key extends string>(names: Readonly<Record<Exclude<Key, ''>, string>>) {
  // The keys of a record are those of its type; Object.entries widens them.
  return Object.entries(names) as [Key, string][]
}

function Choice<Key extends string>({
  label,
  value,
  options,
  unreadable,
  onChoose,
}: {
  /** What stands there when nothing is chosen, and what the choice is called. */
  label: string
  value: Key | ''
  options: readonly (readonly [Key, string])[]
  /** Why there is nothing to choose from. */
  unreadable?: string | undefined
  onChoose: (value: Key | '') => void
}) {
  return (
    <select
      class="button"
      aria-label={label}
      value={value}
      data-chosen={value ? '' : undefined}
      onChange={(event) => {
        const chosen = event.currentTarget.value
        onChoose(options.find(([key]) => key === chosen)?.[0] ?? '')
      }}
    >
      <option value="">{label}</option>
      {unreadable && <option disabled>{unreadable}</option>}
      {options.map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  )
}
