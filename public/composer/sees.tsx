import { Eye, Pin } from 'lucide'
import { useId, useRef } from 'preact/hooks'
import type { Seen, SeenPictures } from '../app/seen-pictures.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { placeAbove } from './place-above.ts'
import '../styles/check.css'
import '../styles/sees.css'

interface SeesProps {
  seen: readonly Seen[]
  pictures: SeenPictures
}

/**
 * What the model will look at with the next message: each picture to be ticked, and to be pinned. A strip where
 * there is room and a mouse; an eye that opens a list elsewhere.
 */
export function Sees({ seen, pictures }: SeesProps) {
  return (
    <>
      <fieldset class="sees">
        <legend title={texts.composer.seesTitle}>
          <span>{texts.composer.sees}</span>
        </legend>
        <ul>
          {seen.map((one) => (
            <Picture key={one.picture.id} seen={one} pictures={pictures} />
          ))}
        </ul>
      </fieldset>
      <SeesList seen={seen} pictures={pictures} />
    </>
  )
}

function SeesList({ seen, pictures }: SeesProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const count = seen.filter(({ shown }) => shown).length
  return (
    <div class="sees-list">
      <button
        ref={button}
        class="button button--plain"
        type="button"
        aria-label={texts.composer.seesCount(count)}
        title={texts.composer.seesTitle}
        popovertarget={id}
      >
        <Icon of={Eye} />
        <span class="figures">{count}</span>
      </button>
      <div
        ref={list}
        id={id}
        class="rising"
        popover="auto"
        role="group"
        aria-label={texts.composer.seesTitle}
        onToggle={({ newState }: Pick<ToggleEvent, 'newState'>) => {
          if (button.current && list.current) placeAbove(list.current, button.current, newState)
        }}
      >
        <ul>
          {seen.map((one) => (
            <Picture key={one.picture.id} seen={one} pictures={pictures} named />
          ))}
        </ul>
      </div>
    </div>
  )
}

interface PictureProps {
  seen: Seen
  pictures: SeenPictures
  named?: boolean
}

function Picture({ seen: { picture, shown, pinned }, pictures, named = false }: PictureProps) {
  const name = picture.number ? texts.picture.number(picture.number) : picture.alt || texts.message.attachment
  return (
    <li>
      <label title={name}>
        <img
          src={`${picture.url}?w=256`}
          width={picture.width}
          height={picture.height}
          alt={named ? '' : name}
        />
        <input
          class="tick"
          type="checkbox"
          aria-label={texts.composer.show(name)}
          checked={shown}
          onChange={() => pictures.toggle(picture)}
        />
        {named && <span dir="auto">{name}</span>}
      </label>
      <button
        class={named ? 'button button--plain button--icon' : 'pinned'}
        type="button"
        aria-pressed={pinned}
        aria-label={texts.composer.pin(name)}
        title={texts.composer.pin(name)}
        onClick={() => pictures.pin(picture)}
      >
        <Icon of={Pin} small={!named} />
      </button>
    </li>
  )
}
