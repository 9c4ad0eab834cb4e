import { Trash2 } from 'lucide'
import { useApp } from '../app/app.ts'
import { studioOf, type StudioResult } from '../app/image-studio.ts'
import { wordDiff } from '../lightbox/word-diff.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { saySentence } from '../texts/say-problem.ts'
import { texts } from '../texts/texts.ts'
import { ResultPicture } from './result-picture.tsx'

const words = texts.imageDialog

/** What came of it: pictures, what can be done with each, and the words they were painted from. */
export function Result({ result, onClose }: { result: StudioResult; onClose: () => void }) {
  const studio = studioOf(useApp())
  const clear = () => {
    studio.clear()
    document.getElementById('image-gen-prompt')?.focus()
  }
  return (
    <>
      {result.warning && <Banner kind="info">{saySentence(result.warning)}</Banner>}
      {result.pictures.map((picture) => (
        <ResultPicture
          key={picture.url}
          picture={picture}
          result={result}
          onClose={onClose}
          onClear={result.pictures.length === 1 ? clear : undefined}
        />
      ))}
      {result.refinedPrompts.map((refined) => (
        <Refined key={refined} raw={result.prompt} refined={refined} />
      ))}
      {result.texts.length > 0 && (
        <div class="details">
          <section>
            <h3>{words.said}</h3>
            {result.texts.map((said) => (
              <blockquote dir="auto" key={said}>
                {said}
              </blockquote>
            ))}
          </section>
        </div>
      )}
      {result.pictures.length > 1 && (
        <div class="picture-dialog__do">
          <button class="button" type="button" onClick={clear}>
            <Icon of={Trash2} />
            {words.clear}
          </button>
        </div>
      )}
    </>
  )
}

/** The refined prompt, with what was added to the user's words marked. */
function Refined({ raw, refined }: { raw: string; refined: string }) {
  return (
    <div class="refined-prompt details" role="note" aria-label={words.refined}>
      <h3>{words.refined}</h3>
      <blockquote dir="auto">
        {wordDiff(raw, refined).map(({ kind, text }) =>
          kind === 'added' ? <ins>{text}</ins> : kind === 'same' ? text : null,
        )}
      </blockquote>
    </div>
  )
}
