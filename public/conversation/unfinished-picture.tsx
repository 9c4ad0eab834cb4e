import { RotateCw, TriangleAlert } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import type { LivePicture, LiveTurn } from '../app/live-turn.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'
import { ratioOf } from './frame-shape.ts'
import type { Slot } from './picture-set.tsx'

interface UnfinishedProps {
  slot: Exclude<Slot, { state: 'finished' }>
  live: LiveTurn | undefined
  model: string | undefined
  cancel: (() => void) | undefined
  again: (() => void) | undefined
}

/** A picture that is not there: being painted, failed or given up. The frame has its shape from the start. */
export function UnfinishedPicture({ slot, live, model, cancel, again }: UnfinishedProps) {
  if (slot.state === 'painting') {
    return <Painting picture={slot.picture} startedAt={live?.startedAt} model={model} cancel={cancel} />
  }
  const retry = again && (slot.state !== 'failed' || slot.failure.retryable) ? again : undefined
  return (
    <figure
      class="picture"
      data-state={slot.state === 'failed' ? 'failed' : 'cancelled'}
      data-settled={live && live.pictures.length < 2 ? undefined : ''}
      style={{ '--ratio': ratioOf(slot.aspectRatio) }}
    >
      <div class="picture__frame">
        <div class="picture__title">
          <div>
            {slot.state === 'failed' && (
              <p class="picture__failure">
                <Icon of={TriangleAlert} />
                {texts.picture.notPainted}
              </p>
            )}
            <p class="picture__why" dir="auto" role={slot.state === 'failed' ? 'alert' : undefined}>
              {slot.state === 'failed' ? slot.failure.message : texts.picture[slot.state]}
            </p>
          </div>
          {retry && (
            <div class="picture__next">
              <button class="button" type="button" onClick={retry}>
                <Icon of={RotateCw} small />
                {slot.state === 'cancelled' ? texts.picture.paintAfterAll : texts.retry}
              </button>
            </div>
          )}
        </div>
      </div>
    </figure>
  )
}

function Painting({
  picture,
  startedAt,
  model,
  cancel,
}: {
  picture: LivePicture
  startedAt: number | undefined
  model: string | undefined
  cancel: (() => void) | undefined
}) {
  const app = useApp()
  const seconds = useSeconds(startedAt ?? app.now(), app.now)
  const painters = app.offers.models.value?.image ?? []
  const usual = painters.find((one) => (model ? one.id === model : one.default))?.usual_seconds
  const late = usual !== undefined && seconds > usual.p80
  const { stage, percent } = picture
  const about =
    usual === undefined
      ? ''
      : late
        ? texts.picture.longer(Math.max(1, Math.round(usual.p50)))
        : texts.picture.usual(Math.max(1, Math.round(usual.p50)))
  return (
    <figure
      class="picture"
      data-state={stateOf(stage)}
      aria-busy="true"
      style={{ '--ratio': ratioOf(picture.aspectRatio) }}
    >
      <div class="picture__frame">
        <div class="picture__title">
          {/* Words that are new are a new element: nothing that is there moves. */}
          <p key={picture.prompt} dir="auto">
            {picture.prompt}
          </p>
        </div>
        <div
          class="progress"
          role="progressbar"
          aria-label={texts.picture.progress}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <span style={{ '--done': `${percent}%` }} />
        </div>
      </div>
      <figcaption class="picture__status">
        <strong>{texts.picture.stages[stage] ?? stage}</strong>
        <span class="figures" key={stage}>
          {texts.picture.figures(percent, seconds)}
          <span class="picture__usual">{about}</span>
        </span>
        {cancel && (
          <button class="button button--plain" type="button" onClick={cancel}>
            {texts.cancel}
          </button>
        )}
      </figcaption>
    </figure>
  )
}

function stateOf(stage: string): 'queued' | 'refining' | 'painting' {
  if (stage === 'queued') return 'queued'
  return stage === 'initializing' ? 'refining' : 'painting'
}

/** Whole seconds since `startedAt`, counted on once a second. */
export function useSeconds(startedAt: number, now: () => number): number {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.round((now() - startedAt) / 1000))
}
