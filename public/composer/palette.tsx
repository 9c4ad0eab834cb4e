import {
  ArrowDown,
  ArrowUp,
  FileText,
  Image,
  Info,
  MessageSquare,
  NotebookPen,
  Pencil,
  RotateCw,
  SlidersHorizontal,
  type IconNode,
} from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import type { Suggestion, Suggestions } from './suggestions.ts'

interface PaletteProps {
  suggestions: Suggestions
  chosen: number
  onChoose: (suggestion: Suggestion) => void
  onPoint: (index: number) => void
}

export const paletteId = 'commands'
export const optionId = (index: number) => `command-${index}`

/** The commands, options or values that fit at the caret. The text box keeps the focus. */
export function Palette({ suggestions, chosen, onChoose, onPoint }: PaletteProps) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const label = suggestions.kind === 'commands' ? texts.palette.label : texts.palette.optionsLabel
  return (
    <div class="palette palette--commands">
      <ul ref={list} id={paletteId} role="listbox" aria-label={label}>
        {suggestions.items.map((item, index) => (
          <li
            key={item.label}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => onPoint(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(item)}
          >
            <Icon of={iconOf(suggestions.kind, item)} />
            <span dir="ltr">
              <code>{item.label}</code> <small>{item.hint}</small>
            </span>
            <small>{item.summary}</small>
            <span>{index === chosen && <kbd>Tab</kbd>}</span>
          </li>
        ))}
      </ul>
      <div class="palette__foot" aria-hidden="true">
        <span>
          <Icon of={ArrowUp} small />
          <Icon of={ArrowDown} small />
          {texts.palette.choose}
        </span>
        <span>{texts.palette.complete}</span>
        <span>{texts.palette.close}</span>
      </div>
    </div>
  )
}

const icons: Readonly<Record<string, IconNode>> = {
  '/image': Image,
  '/help': Info,
  '/title': Pencil,
  '/memory': NotebookPen,
  '/model': MessageSquare,
  '/retry': RotateCw,
}

function iconOf(kind: Suggestions['kind'], item: Suggestion): IconNode {
  return kind === 'options' ? SlidersHorizontal : (icons[item.label] ?? FileText)
}
