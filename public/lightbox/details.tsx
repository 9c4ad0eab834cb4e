import { FileText, Image, MessageSquare, NotebookPen, PenLine, TextQuote } from 'lucide'
import type { IconNode } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { GeneratedImage, ImageRecipe } from '../../server/contract/images.ts'
import type { Message } from '../../server/contract/messages.ts'
import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { imageCommand, wordsOf } from '../conversation/recipe-words.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { Link } from '../parts/link.tsx'
import { EaselError, isAbort } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'
import { Description } from './description.tsx'
import { Facts } from './facts.tsx'
import { wordDiff } from './word-diff.ts'
import '../styles/details.css'

const words = texts.lightbox

interface DetailsProps {
  image: GeneratedImage
  /** Shows another of the pictures that can be stepped through. */
  onChoose: (id: string) => void
  onClose: () => void
}

/** How a picture was made: the words, what they were grounded in, and the figures. */
export function Details({ image, onChoose, onClose }: DetailsProps) {
  const app = useApp()
  const [made, setMade] = useState<ImageRecipe>()
  const [failure, setFailure] = useState<string>()
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    const read = async () => {
      try {
        setMade(await app.easel.images.get(image.id, { signal: leaving.signal }))
      } catch (thrown) {
        if (isAbort(thrown, leaving.signal)) return
        if (!(thrown instanceof EaselError)) throw thrown
        if (thrown.code === 'unauthenticated') app.endSession()
        else setFailure(thrown.message)
      }
    }
    setFailure(undefined)
    void read()
    return () => leaving.abort()
  }, [app, image.id, tries])
  return (
    <aside
      class="lightbox__side details"
      aria-label={texts.pictureTools.details}
      aria-busy={!made && !failure}
    >
      {image.source !== 'upload' && (
        <Words image={image} made={made} isRead={!!made || failure !== undefined} />
      )}
      {failure && (
        <Banner kind="danger" action={{ label: texts.retry, run: () => setTries(tries + 1) }}>
          {words.unreadable} {failure}
        </Banner>
      )}
      {made && image.source !== 'upload' && <Grounds made={made} onClose={onClose} />}
      {made && <Family made={made} onChoose={onChoose} />}
      <Facts image={image} made={made} />
      <Description image={image} />
      {image.conversation_id !== null && image.message_id !== null && (
        <p onClick={onClose}>
          <Link to={pathOf(image.conversation_id, image.message_id)} class="link">
            {words.show}
          </Link>
        </p>
      )}
    </aside>
  )
}

/** What the user wrote beside what the painter was given, with the changes marked. */
function Words({
  image,
  made,
  isRead,
}: {
  image: GeneratedImage
  made: ImageRecipe | undefined
  /** Whether more is known than the picture tells by itself, or never will be. */
  isRead: boolean
}) {
  const app = useApp()
  const raw = made?.recipe.raw_prompt ?? image.prompt
  const refined = made?.recipe.refined_prompt ?? image.refined_prompt
  const revised = made?.recipe.revised_prompt
  const ratio = made?.recipe.parameters['aspect_ratio']
  const aspectRatio = typeof ratio === 'string' ? ratio : undefined
  const wasRefined = refined !== null && refined !== raw && !made?.recipe.fallback
  const pieces = useMemo(() => (wasRefined ? wordDiff(raw, refined) : []), [raw, refined, wasRefined])
  const refiner = app.offers.models.value?.chat.find(
    (model) => model.id === app.offers.models.value?.refine,
  )?.name
  return (
    <section>
      <h2>{words.words}</h2>
      <h3>{words.yours}</h3>
      <blockquote dir="auto">{raw}</blockquote>
      {wasRefined && (
        <>
          <h3>{words.sent}</h3>
          <blockquote dir="auto" class="details__sent">
            {pieces.map(({ kind, text }) =>
              kind === 'same' ? text : kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>,
            )}
          </blockquote>
          <p class="details__legend">
            {pieces.some(({ kind }) => kind === 'added') && <ins>{words.added}</ins>}
            {pieces.some(({ kind }) => kind === 'dropped') && <del>{words.dropped}</del>}
            {refiner && <span>{words.by(refiner)}</span>}
          </p>
        </>
      )}
      {made && !wasRefined && (
        <p class="details__legend">{made.recipe.fallback ? words.fallback : words.exact}</p>
      )}
      {revised && (
        <>
          <h3>{words.revised}</h3>
          <blockquote dir="auto">{revised}</blockquote>
        </>
      )}
      <div class="details__do">
        <button
          class="button button--primary"
          type="button"
          disabled={!isRead}
          onClick={() =>
            app.suggest(imageCommand({ prompt: wasRefined ? refined : raw, aspectRatio, raw: wasRefined }))
          }
        >
          <Icon of={PenLine} />
          {words.edit}
        </button>
        {wasRefined && (
          <button
            class="button"
            type="button"
            disabled={!isRead}
            onClick={() => app.suggest(imageCommand({ prompt: raw, aspectRatio, raw: true }))}
          >
            <Icon of={TextQuote} />
            {words.exactly}
          </button>
        )}
      </div>
    </section>
  )
}

/** What of the conversation went into the prompt. */
function Grounds({ made, onClose }: { made: ImageRecipe; onClose: () => void }) {
  const app = useApp()
  const context = made.recipe.context
  const said = new Map(
    app.open.value.entries.value.map(({ message }) => [message.value.id, message.value] as const),
  )
  const used = context?.message_ids ?? []
  const isAlone = !context || (!context.summary && !context.memory_pad && !context.deep && used.length === 0)
  return (
    <section>
      <h3>{words.grounded}</h3>
      {isAlone ? (
        <p class="quiet">{words.alone}</p>
      ) : (
        <ul class="details__context">
          {context.summary && <Ground icon={FileText}>{words.summary}</Ground>}
          {context.memory_pad && <Ground icon={NotebookPen}>{words.memoryPad}</Ground>}
          {context.deep && <Ground icon={FileText}>{words.deep}</Ground>}
          {used.map((id, index) => (
            <Ground icon={MessageSquare} key={id}>
              <span onClick={onClose}>
                <Link to={pathOf(made.conversation_id ?? undefined, id)}>
                  {beginningOf(said.get(id)) ?? words.message(index + 1)}
                </Link>
              </span>
            </Ground>
          ))}
        </ul>
      )}
    </section>
  )
}

function Ground({ icon, children }: { icon: IconNode; children: ComponentChildren }) {
  return (
    <li>
      <Icon of={icon} />
      <span dir="auto">{children}</span>
    </li>
  )
}

/** The first words of a message without its pictures; of one without words, what its first picture is called. */
function beginningOf(message: Message | undefined): string | undefined {
  const plain = message && withoutMarks(message.text)
  if (!plain) {
    const picture = message?.generated_images[0]
    return picture?.number ? texts.picture.number(picture.number) : undefined
  }
  if (plain.length <= 70) return `“${plain}”`
  const beginning = plain.slice(0, 68)
  const words = beginning.replace(/\s+\S*$/, '')
  // Not every language parts its words.
  return `“${(words.length > 40 ? words : beginning).replace(/[\s\p{P}]+$/u, '')}…”`
}

/** A message's words in one line, without its pictures and the commonest marks of Markdown. */
function withoutMarks(markdown: string): string {
  return markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\s*(#{1,6}|>|[-+*]|\d+[.)])\s+/gm, '')
    .replaceAll(/`+|\*\*|~~/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** What it was made from, and what was made from it. */
function Family({ made, onChoose }: { made: ImageRecipe; onChoose: (id: string) => void }) {
  const app = useApp()
  const show = (relative: GeneratedImage) => {
    const looking = app.looking.peek()
    if (looking?.pictures.some((one) => one.id === relative.id)) onChoose(relative.id)
    else app.lookAt(relative, { details: true, among: [...(looking?.pictures ?? []), relative] })
  }
  return (
    <>
      {[
        { title: words.from, relatives: made.ancestors },
        { title: words.children, relatives: made.children },
      ].map(
        ({ title, relatives }) =>
          relatives.length > 0 && (
            <section key={title}>
              <h3>{title}</h3>
              <ul class="details__context">
                {relatives.map((relative) => (
                  <Ground icon={Image} key={relative.id}>
                    <button class="link" type="button" onClick={() => show(relative)}>
                      {wordsOf(relative)}
                    </button>
                  </Ground>
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  )
}
