import {
  ChevronLeft,
  ChevronRight,
  Columns2,
  Contrast,
  Download,
  ExternalLink,
  Info,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide'
import { useRef, useState } from 'preact/hooks'
import { useApp, type Looking } from '../app/app.ts'
import { StarButton } from '../conversation/picture-tools.tsx'
import { wordsOf } from '../conversation/recipe-words.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/lightbox.css'
import '../styles/lightbox-stage.css'
import { Compare } from './compare.tsx'
import { Details } from './details.tsx'
import { Plate } from './plate.tsx'
import { Strip } from './strip.tsx'
import { LinkTool, Tool, type ToolProps } from './tool.tsx'
import { useComparison } from './use-comparison.ts'
import { useKeys } from './use-keys.ts'
import { useModal } from './use-modal.ts'
import { useSurround } from './use-surround.ts'
import { useZoom } from './use-zoom.ts'

const words = texts.lightbox

/** One picture as large as the window: closer, further, its neighbours, beside another, and how it was made. */
export function Lightbox({ looking }: { looking: Looking }) {
  const app = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const [details, setDetails] = useState(looking.details)
  const { surround, next, turn } = useSurround()
  const { pictures } = looking
  const at = Math.max(
    0,
    pictures.findIndex((one) => one.id === looking.id),
  )
  const known = pictures[at]
  const comparison = useComparison(known, pictures)
  const { partner } = comparison
  const close = () => {
    app.looking.value = undefined
  }
  const show = (id: string) => {
    app.looking.value = { ...looking, id }
  }
  const stepTo = (place: number) => {
    const picture = pictures[place]
    if (picture) show(picture.id)
  }
  const { view, larger, smaller, reset } = useZoom({
    stage,
    id: looking.id,
    onSwipe: (by) => stepTo(at + by),
    onSlide: (share) => comparison.slide(Math.round(share * 100)),
  })
  useModal(dialog, known?.url)
  const toggleDetails = () => setDetails(!details)
  const forward = () => (dialog.current && getComputedStyle(dialog.current).direction === 'rtl' ? -1 : 1)
  useKeys({
    ArrowLeft: () => stepTo(at - forward()),
    ArrowRight: () => stepTo(at + forward()),
    Home: () => stepTo(0),
    End: () => stepTo(pictures.length - 1),
    '+': larger,
    '=': larger,
    '-': smaller,
    '0': reset,
    i: toggleDetails,
    c: () => comparison.possible && comparison.toggle(),
  })

  if (!known) return null
  const image = app.pictures.latest(known)
  const name = image.number === null ? texts.picture.unnumbered : texts.picture.number(image.number)
  return (
    <dialog
      ref={dialog}
      class="lightbox on-dark"
      aria-labelledby="lightbox-title"
      data-details={details ? '' : undefined}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
    >
      <header class="lightbox__bar">
        <Tool label={texts.close} icon={X} run={close} />
        <h1 id="lightbox-title">
          <span class="lightbox__name">
            {name} {pictures.length > 1 && <span class="quiet">{words.of(pictures.length)}</span>}
          </span>
          <em dir="auto">{wordsOf(image)}</em>
        </h1>
        <div class="lightbox__zoom" role="group" aria-label={words.zoom}>
          <Tool label={words.smaller} icon={ZoomOut} run={smaller} disabled={view.scale === 1} />
          <output aria-label={words.zoom}>
            {view.scale === 1 ? words.fit : `${Math.round(view.scale * 100)} %`}
          </output>
          <Tool label={words.larger} icon={ZoomIn} run={larger} disabled={view.scale === 8} />
        </div>
        <Tool
          label={comparison.possible ? words.compare : words.nothingToCompare}
          icon={Columns2}
          run={comparison.toggle}
          pressed={comparison.comparing}
          disabled={!comparison.possible}
        />
        <Tool
          class="lightbox__surround"
          label={words.surround(words.surrounds[surround], words.surrounds[next])}
          icon={Contrast}
          run={turn}
        />
        <StarButton image={image} starred={image.starred} />
        <LinkTool image={image} label={texts.pictureTools.open} icon={ExternalLink} />
        <LinkTool image={image} label={texts.picture.downloadOf(name)} icon={Download} download />
        <Tool label={texts.pictureTools.details} icon={Info} run={toggleDetails} pressed={details} />
      </header>
      <div
        class="lightbox__stage"
        ref={stage}
        data-zoomed={view.scale > 1 ? '' : undefined}
        data-surround={surround}
        style={{ '--ratio': String(image.width / image.height) }}
      >
        {partner ? (
          <Compare before={partner} after={image} view={view} at={comparison.at} onSlide={comparison.slide} />
        ) : (
          <Plate key={image.id} image={image} view={view} />
        )}
        {pictures.length > 1 && (
          <>
            <Step
              label={words.back}
              icon={ChevronLeft}
              end="back"
              run={() => stepTo(at - 1)}
              disabled={at === 0}
            />
            <Step
              label={words.on}
              icon={ChevronRight}
              end="on"
              run={() => stepTo(at + 1)}
              disabled={at === pictures.length - 1}
            />
          </>
        )}
      </div>
      {pictures.length > 1 && (
        <Strip
          pictures={pictures}
          id={image.id}
          partner={partner?.id}
          onChoose={partner ? comparison.choose : show}
        />
      )}
      {details && <Details image={image} key={image.id} onChoose={show} onClose={close} />}
      <p class="only-read" role="status">
        {name}: {wordsOf(image)}
      </p>
    </dialog>
  )
}

function Step({ label, icon, run, disabled = false, end }: ToolProps & { end: 'back' | 'on' }) {
  return (
    <IconButton
      framed
      class={`lightbox__step lightbox__step--${end}`}
      icon={icon}
      label={label}
      aria-disabled={disabled}
      onClick={run}
    />
  )
}
