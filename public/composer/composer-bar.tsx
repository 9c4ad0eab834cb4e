import { ArrowUp, Image, Paperclip, Square } from 'lucide'
import { useRef } from 'preact/hooks'
import type { AspectRatio } from '../../server/contract/images.ts'
import { acceptedTypes } from '../app/attachments.ts'
import type { Seen, SeenPictures } from '../app/seen-pictures.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { lazy } from '../parts/lazy.tsx'
import { texts } from '../texts/texts.ts'
import { ModelChoice, type ModelChoiceProps } from './model-choice.tsx'
import { ShapeSelect } from './shape-select.tsx'

const Sees = lazy(async () => (await import('./sees.tsx')).Sees)

interface ComposerBarProps {
  asPicture: boolean
  onAsPicture: (asPicture: boolean) => void
  /** The shape of the picture that will be painted; undefined when none will be. */
  shape: AspectRatio | '' | undefined
  onShape: (shape: AspectRatio | '') => void
  /** What the model will look at. */
  seen: readonly Seen[]
  pictures: SeenPictures
  /** The kind of model that will be asked. */
  choice: ModelChoiceProps & { key: string }
  /** In dollars, where it is known. */
  price: number | undefined
  onFiles: (files: Iterable<File>) => void
  /** Ends the turn that runs; undefined when none does. */
  onStop: (() => void) | undefined
}

/** Below the words: what goes with them, who is asked, what it costs, and Send. */
export function ComposerBar({
  asPicture,
  onAsPicture,
  shape,
  onShape,
  seen,
  pictures,
  choice,
  price,
  onFiles,
  onStop,
}: ComposerBarProps) {
  const files = useRef<HTMLInputElement>(null)
  const { key, ...model } = choice
  return (
    <div class="composer__bar">
      <IconButton icon={Paperclip} label={texts.composer.attach} onClick={() => files.current?.click()} />
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={acceptedTypes}
        onChange={(event) => {
          onFiles(event.currentTarget.files ?? [])
          event.currentTarget.value = ''
        }}
      />
      <button
        class="button button--plain"
        type="button"
        aria-pressed={asPicture}
        title={texts.composer.pictureHint}
        onClick={() => onAsPicture(!asPicture)}
      >
        <Icon of={Image} />
        <span class="composer__word">{texts.composer.picture}</span>
      </button>
      {shape !== undefined && <ShapeSelect shape={shape} onChoose={onShape} />}
      <span class="push" />
      {seen.length > 0 && <Sees seen={seen} pictures={pictures} />}
      {choice.models.length > 0 && <ModelChoice key={key} {...model} />}
      {price !== undefined && (
        <span class="figures" title={texts.composer.price}>
          <span class="only-read">{texts.composer.price} </span>
          {price > 0 && '≈ '}
          {texts.picture.price(price)}
        </span>
      )}
      {onStop ? (
        <button
          class="button button--send"
          type="button"
          aria-label={texts.composer.stop}
          title={texts.composer.stop}
          onClick={onStop}
        >
          <Icon of={Square} />
        </button>
      ) : (
        <button
          class="button button--primary button--send"
          type="submit"
          aria-label={texts.composer.send}
          title={texts.composer.send}
        >
          <Icon of={ArrowUp} />
        </button>
      )}
    </div>
  )
}
