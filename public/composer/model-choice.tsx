import { ChevronDown } from 'lucide'
import { useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { lazy } from '../parts/lazy.tsx'
import type { OfferedModel } from './model-list.tsx'
import { placeAbove } from './place-above.ts'

const ModelList = lazy(async () => (await import('./model-list.tsx')).ModelList)

export interface ModelChoiceProps {
  label: string
  models: readonly OfferedModel[]
  chosen: string
  onChoose: (id: string) => void
}

/** The model that is chosen, and the list to choose another from. */
export function ModelChoice({ label, models, chosen, onChoose }: ModelChoiceProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)
  const name = models.find((model) => model.id === chosen)?.name ?? chosen
  const place = ({ newState }: Pick<ToggleEvent, 'newState'>) => {
    setOpen(newState === 'open')
    if (button.current && list.current) placeAbove(list.current, button.current, newState)
  }
  return (
    <>
      <button
        ref={button}
        class="button button--plain composer__model"
        type="button"
        aria-label={`${label}: ${name}`}
        title={label}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        popovertarget={id}
      >
        <span dir="auto">{name}</span>
        <Icon of={ChevronDown} small />
      </button>
      <div ref={list} id={id} class="rising" popover="auto" aria-label={label} onToggle={place}>
        {isOpen && (
          <ModelList
            label={label}
            models={models}
            chosen={chosen}
            onChoose={(model) => {
              list.current?.hidePopover()
              onChoose(model)
            }}
          />
        )}
      </div>
    </>
  )
}
