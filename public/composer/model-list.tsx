import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ModelLists } from '../../server/contract/lists.ts'
import { texts } from '../texts/texts.ts'
import { fitting } from './fuzzy.ts'

type ImageModel = ModelLists['image'][number]
/** A model that answers or paints. */
export type OfferedModel = Pick<ImageModel, 'id' | 'name' | 'available'> &
  Partial<Pick<ImageModel, 'notes' | 'price_usd'>>

interface ModelListProps {
  label: string
  models: readonly OfferedModel[]
  chosen: string
  onChoose: (id: string) => void
}

/** Models to search in and choose from; those without a key are named but cannot be chosen. */
export function ModelList({ label, models, chosen, onChoose }: ModelListProps) {
  const id = useId()
  const search = useRef<HTMLInputElement>(null)
  const options = useRef<HTMLUListElement>(null)
  const [words, setWords] = useState('')
  const found = words === '' ? models : fitting(words.trim(), models, (model) => [model.name, model.id])
  const [pointed, setPointed] = useState(() => models.findIndex((model) => model.id === chosen))
  const at = Math.max(0, Math.min(pointed, found.length - 1))
  const option = (index: number) => `${id}-${index}`
  useLayoutEffect(() => search.current?.focus(), [])
  useEffect(() => {
    options.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at, words])

  const choose = (model: OfferedModel | undefined) => {
    if (model?.available) onChoose(model.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && found.length > 0) {
      event.preventDefault()
      setPointed((at + step + found.length) % found.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(found[at])
    }
  }
  return (
    <>
      <input
        ref={search}
        class="input"
        role="combobox"
        aria-label={texts.composer.searchModels}
        placeholder={texts.composer.searchModels}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? option(at) : undefined}
        autocomplete="off"
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value)
          setPointed(0)
        }}
        onKeyDown={onKeyDown}
      />
      <ul ref={options} id={id} role="listbox" aria-label={label}>
        {found.map((model, index) => (
          <li
            key={model.id}
            id={option(index)}
            role="option"
            aria-selected={index === at}
            aria-disabled={!model.available}
            data-chosen={model.id === chosen ? '' : undefined}
            onPointerMove={() => setPointed(index)}
            onClick={() => choose(model)}
          >
            <span>{model.available ? model.name : texts.composer.unavailable(model.name)}</span>
            <small>
              {[model.price_usd === undefined ? '' : texts.picture.price(model.price_usd), model.notes]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">{texts.composer.noModel}</p>}
    </>
  )
}
