import type { Token } from 'marked'
import { Fragment, type ComponentChild, type VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { BlockStream } from './block-stream.ts'
import { fetchFormulas, waitsForFormulas } from './formulas.ts'
import { isMarkedToken } from './read-blocks.ts'
import { renderTokens, type RenderPicture } from './render-tokens.tsx'
import { wholePart, withoutBegunTable } from './unfinished.ts'

export interface MarkdownProps {
  text: string
  /** True while text still arrives: only its unsettled tail is read and drawn again. */
  streaming: boolean
  /** A picture among words. */
  picture: RenderPicture
  /** Pictures that stand alone, side by side where several follow each other; nothing for foreign ones. */
  pictures: (hrefs: readonly string[]) => VNode | undefined
}

const definition = /^ {0,3}\[[^\]]+\]:/m

/** A model's words: prose in the reading voice, and its pictures between. */
export function Markdown({ text, streaming, picture, pictures }: MarkdownProps) {
  const reader = useRef({
    stream: new BlockStream(),
    drawn: new WeakMap<Token, ComponentChild>(),
    whole: false,
  })
  if (!streaming && !reader.current.whole) {
    // Links may be defined after their use, so a text that defines some is read once more when it is whole.
    const again = definition.test(text)
    reader.current = again
      ? { stream: new BlockStream(), drawn: new WeakMap(), whole: true }
      : { ...reader.current, whole: true }
  }
  const { stream, drawn } = reader.current
  const waits = streaming && waitsForFormulas(text)
  useEffect(() => {
    if (waits) void fetchFormulas()
  }, [waits])
  const read = stream.update(streaming ? wholePart(text) : text)
  if (!read) return <div class="prose as-written" dir="auto" children={text} />
  const blocks = streaming ? withoutBegunTable(read) : read

  // Each block has its own elements: those of another one would jump to its place.
  const draw = (token: Token, place: number): ComponentChild => {
    if (!drawn.has(token)) {
      drawn.set(token, <Fragment key={place}>{renderTokens([token], picture)}</Fragment>)
    }
    return drawn.get(token)
  }
  return (
    <>
      {segments(blocks, (hrefs) => pictures(hrefs) !== undefined).map((segment, index) =>
        segment.kind === 'pictures' ? (
          <Plates key={`pictures-${index}`} hrefs={segment.hrefs} pictures={pictures} />
        ) : (
          <div class="prose" key={`prose-${index}`}>
            {segment.tokens.map(draw)}
          </div>
        ),
      )}
    </>
  )
}

function Plates({
  hrefs,
  pictures,
}: {
  hrefs: readonly string[]
  pictures: MarkdownProps['pictures']
}): ComponentChild {
  return pictures(hrefs)
}

type Segment = { kind: 'prose'; tokens: Token[] } | { kind: 'pictures'; hrefs: string[] }

/** Parts blocks into runs of words and runs of pictures that stand alone. */
export function segments(blocks: readonly Token[], isPicture: (hrefs: string[]) => boolean): Segment[] {
  const found: Segment[] = []
  for (const token of blocks) {
    if (token.type === 'space') continue
    const last = found.at(-1)
    const alone = picturesAlone(token)
    if (alone && isPicture(alone)) {
      if (last?.kind === 'pictures') last.hrefs.push(...alone)
      else found.push({ kind: 'pictures', hrefs: alone })
    } else if (last?.kind === 'prose') last.tokens.push(token)
    else found.push({ kind: 'prose', tokens: [token] })
  }
  return found
}

/** The addresses of a paragraph that holds pictures and nothing else. */
function picturesAlone(token: Token): string[] | undefined {
  if (!isMarkedToken(token) || token.type !== 'paragraph') return undefined
  const hrefs: string[] = []
  for (const inner of token.tokens) {
    if (isMarkedToken(inner) && inner.type === 'image') hrefs.push(inner.href)
    else if (inner.type !== 'br' && inner.raw.trim() !== '') return undefined
  }
  return hrefs.length > 0 ? hrefs : undefined
}
