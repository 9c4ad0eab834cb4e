import { Images, Plus, X } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'
import { acceptedTypes } from '../app/attachments.ts'
import { mostInputs, studioOf } from '../app/image-studio.ts'
import { Thumbnail } from '../composer/attachment-strip.tsx'
import { wordsOf } from '../conversation/recipe-words.ts'
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
    <fieldset class="field">
      <legend>{words.startFrom}</legend>
      <ul class="inputs">
        {studio.chosen.value.map((image) => (
          <li class="inputs__item" key={image.id}>
            <img src={`${image.url}?w=256`} alt={wordsOf(image)} title={wordsOf(image)} />
            <button
              class="button"
              type="button"
              aria-label={texts.composer.remove(wordsOf(image))}
              onClick={() => studio.choose(image)}
            >
              <Icon of={X} small />
            </button>
          </li>
        ))}
        {uploads.items.value.map((item) => (
          <Thumbnail key={item.key} item={item} onRemove={() => uploads.remove(item)} />
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

/** The newest pictures of the gallery, to choose from. */
function GalleryPicker() {
  const app = useApp()
  const studio = studioOf(app)
  const [pictures, setPictures] = useState<readonly GeneratedImage[]>()
  const [failure, setFailure] = useState<string>()
  useEffect(() => {
    const leaving = new AbortController()
    const read = async () => {
      try {
        setPictures((await app.easel.images.list({ limit: 40, signal: leaving.signal })).items)
      } catch (thrown) {
        if (isAbort(thrown, leaving.signal)) return
        if (!(thrown instanceof EaselError)) throw thrown
        setFailure(thrown.message)
      }
    }
    void read()
    return () => leaving.abort()
  }, [app])
  if (failure !== undefined) return <span class="hint hint--problem">{failure}</span>
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
