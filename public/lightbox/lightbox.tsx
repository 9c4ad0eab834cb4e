import { ChevronLeft, ChevronRight, Download, ExternalLink, Info, X, ZoomIn, ZoomOut } from 'lucide'
import type { IconNode } from 'lucide'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp, type Looking } from '../app/app.ts'
import { downloadName } from '../conversation/download-name.ts'
import { sources } from '../conversation/picture.tsx'
import { StarButton } from '../conversation/picture-tools.tsx'
import { placeholderOf } from '../conversation/placeholder.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/lightbox.css'
import { Details } from './details.tsx'
import { useZoom } from './use-zoom.ts'

const words = texts.lightbox

/** One picture as large as the window: closer, further, its neighbours, and how it was made. */
export function Lightbox({ looking }: { looking: Looking }) {
  const app = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<HTMLDivElement>(null)
  const [details, setDetails] = useState(looking.details)
  const { pictures } = looking
  const at = Math.max(
    0,
    pictures.findIndex((one) => one.id === looking.id),
  )
  const close = () => {
    app.looking.value = undefined
  }
  const show = (id: string) => {
    app.looking.value = { ...looking, id }
  }
  const step = (by: number) => {
    const next = pictures[at + by]
    if (next) show(next.id)
  }
  const { view, larger, smaller, reset } = useZoom({ stage, id: looking.id, onSwipe: step })

  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return undefined
    const opener = document.activeElement
    element.showModal()
    return () => {
      element.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])

  const known = pictures[at]
  if (!known) return null
  const image = app.pictures.latest(known)
  const onKeyDown = (event: KeyboardEvent) => {
    const isWriting = event.target instanceof HTMLTextAreaElement
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return
    const forward = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? -1 : 1
    const act = {
      ArrowLeft: () => step(-forward),
      ArrowRight: () => step(forward),
      '+': larger,
      '=': larger,
      '-': smaller,
      '0': reset,
      i: () => setDetails(!details),
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
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
      onKeyDown={onKeyDown}
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
        <StarButton image={image} starred={image.starred} />
        <LinkTool image={image} label={texts.pictureTools.open} icon={ExternalLink} />
        <LinkTool image={image} label={texts.picture.downloadOf(name)} icon={Download} download />
        <Tool
          label={texts.pictureTools.details}
          icon={Info}
          run={() => setDetails(!details)}
          pressed={details}
        />
      </header>
      <div class="lightbox__stage" ref={stage} data-zoomed={view.scale > 1 ? '' : undefined}>
        <img
          key={image.id}
          src={image.url}
          srcset={sources(image)}
          sizes={`${Math.round(view.scale * 100)}vw`}
          width={image.width}
          height={image.height}
          alt={image.alt || wordsOf(image)}
          draggable={false}
          style={{
            '--ratio': String(image.width / image.height),
            backgroundImage: placeholderOf(image.thumbhash),
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
          }}
        />
        {pictures.length > 1 && (
          <>
            <Step label={words.back} icon={ChevronLeft} end="back" run={() => step(-1)} disabled={at === 0} />
            <Step
              label={words.on}
              icon={ChevronRight}
              end="on"
              run={() => step(1)}
              disabled={at === pictures.length - 1}
            />
          </>
        )}
      </div>
      {pictures.length > 1 && <Strip pictures={pictures} id={image.id} onChoose={show} />}
      {details && <Details image={image} key={image.id} onChoose={show} onClose={close} />}
      <p class="only-read" role="status">
        {name}: {wordsOf(image)}
      </p>
    </dialog>
  )
}

interface ToolProps {
  label: string
  icon: IconNode
  run: () => void
  disabled?: boolean
  pressed?: boolean
}

function Tool({ label, icon, run, disabled = false, pressed }: ToolProps) {
  return (
    <button
      class="button button--plain button--icon"
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={run}
    >
      <Icon of={icon} />
    </button>
  )
}

function LinkTool({
  image,
  label,
  icon,
  download = false,
}: {
  image: GeneratedImage
  label: string
  icon: IconNode
  download?: boolean
}) {
  const how = download
    ? { download: downloadName(image.created_at, wordsOf(image)) }
    : { target: '_blank', rel: 'noopener noreferrer' }
  return (
    <a class="button button--plain button--icon" href={image.url} aria-label={label} title={label} {...how}>
      <Icon of={icon} />
    </a>
  )
}

function Step({ label, icon, run, disabled = false, end }: ToolProps & { end: 'back' | 'on' }) {
  return (
    <button
      class={`button button--icon lightbox__step lightbox__step--${end}`}
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={run}
    >
      <Icon of={icon} />
    </button>
  )
}

/** All pictures one can step through, small. */
function Strip({
  pictures,
  id,
  onChoose,
}: {
  pictures: readonly GeneratedImage[]
  id: string
  onChoose: (id: string) => void
}) {
  return (
    <footer class="lightbox__foot">
      <ul class="lightbox__strip">
        {pictures.map((picture) => (
          <li key={picture.id}>
            <button
              type="button"
              aria-label={wordsOf(picture)}
              title={wordsOf(picture)}
              aria-current={picture.id === id ? 'true' : undefined}
              ref={(element) => {
                if (picture.id === id) element?.scrollIntoView({ block: 'nearest', inline: 'center' })
              }}
              onClick={() => onChoose(picture.id)}
            >
              <img src={`${picture.url}?w=256`} width="48" height="48" alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </footer>
  )
}
