import { Images, Plus, X } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { acceptedTypes } from '../app/attachments.ts'
import { mostInputs, studioOf } from '../app/image-studio.ts'
import { Thumbnail } from '../composer/attachment-strip.tsx'
import { wordsOf } from '../conversation/recipe-words.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'

const words = texts.imageDialog

/** The pictures that the new one starts from: brought along, or chosen from the gallery. */
export function InputPictures() {
  const app = useApp()
  const studio = studioOf(app)
  const files = useRef<HTMLInputElement>(null)
  const [choosing, setChoosing] = useState(false)
  const { uploads } = studio
  const isFull = studio.inputs.value >= mostInputs
  return (
    <fieldset class="field" id="image-gen-inputs" tabIndex={-1}>
      <legend>{words.startFrom}</legend>
      <ul class="inputs">
        {studio.chosen.value.map((image) => (
          <li class="inputs__item" key={image.id}>
            <img src={`${image.url}?w=256`} alt={wordsOf(image)} title={wordsOf(image)} />
            <button
              class="button"
              type="button"
              aria-label={texts.composer.remove(wordsOf(image))}
              onClick={() => {
                studio.choose(image)
                goOn()
              }}
            >
              <Icon of={X} small />
            </button>
          </li>
        ))}
        {uploads.items.value.map((item) => (
          <Thumbnail
            key={item.key}
            item={item}
            onRemove={() => {
              uploads.remove(item)
              goOn()
            }}
          />
        ))}
        {!isFull && (
          <>
            <li>
              <button
                class="inputs__add"
                type="button"
                aria-label={words.bring}
                title={words.bring}
                onClick={() => files.current?.click()}
              >
                <Icon of={Plus} />
              </button>
            </li>
            <li>
              <button
                class="inputs__add"
                type="button"
                aria-label={words.fromGallery}
                title={words.fromGallery}
                aria-expanded={choosing}
                onClick={() => setChoosing(!choosing)}
              >
                <Icon of={Images} />
              </button>
            </li>
          </>
        )}
      </ul>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept={acceptedTypes}
        onChange={(event) => {
          uploads.add([...(event.currentTarget.files ?? [])].slice(0, mostInputs - studio.inputs.peek()))
          event.currentTarget.value = ''
        }}
      />
      {uploads.refused.value && (
        <span class="hint hint--problem" role="alert">
          {uploads.refused.value}
        </span>
      )}
      {choosing && !isFull && <GalleryPicker />}
    </fieldset>
  )
}

/** The button that took a picture away went with it: the focus goes to where another is added. */
function goOn() {
  setTimeout(() => document.querySelector<HTMLElement>('.inputs__add')?.focus())
}

/** The newest pictures of the gallery, to choose from. */
function GalleryPicker() {
  const app = useApp()
  const studio = studioOf(app)
  const [pictures, setPictures] = useState<readonly GeneratedImage[]>()
  const [failure, setFailure] = useState<string>()
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    const read = async () => {
      setFailure(undefined)
      try {
        setPictures((await app.easel.images.list({ limit: 40, signal: leaving.signal })).items)
      } catch (thrown) {
        if (isAbort(thrown, leaving.signal)) return
        if (!(thrown instanceof EaselError)) throw thrown
        if (thrown.code === 'unauthenticated') app.endSession()
        setFailure(thrown.message)
      }
    }
    void read()
    return () => leaving.abort()
  }, [app, tries])
  if (failure !== undefined) {
    return (
      <Banner kind="danger" action={{ label: texts.retry, run: () => setTries(tries + 1) }}>
        {texts.gallery.unreadable} {failure}
      </Banner>
    )
  }
  if (pictures?.length === 0) return <span class="hint">{texts.gallery.none}</span>
  return (
    <ul class="inputs inputs--picker" aria-label={words.fromGallery} aria-busy={pictures === undefined}>
      {(pictures ?? []).map((image) => (
        <li class="inputs__item" key={image.id}>
          <button
            class="inputs__choice"
            type="button"
            aria-label={wordsOf(image)}
            title={wordsOf(image)}
            aria-pressed={studio.chosen.value.some((one) => one.id === image.id)}
            onClick={() => studio.choose(image)}
          >
            <img src={`${image.url}?w=256`} alt="" loading="lazy" />
          </button>
        </li>
      ))}
    </ul>
  )
}
