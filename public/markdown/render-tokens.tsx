import type { MarkedToken, Token, Tokens } from 'marked'
import { Fragment, h, type ComponentChild, type VNode } from 'preact'
import { useState } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { CodeBlock } from './code-block.tsx'
import { decodeEntities } from './entities.ts'
import { Formula } from './formula.tsx'
import { isMathToken } from './math-tokens.ts'
import { isMarkedToken } from './read-blocks.ts'
import { columnsOf } from './table-columns.ts'
import { safeLink } from './safe-url.ts'

/** Draws a picture of this conversation, or nothing for an address that is not one. */
export type RenderPicture = (href: string, alt: string) => VNode | undefined

/** Levels beyond this one are shown as they were written; the stack is not endless. */
const deepest = 60

/**
 * Markdown tokens as elements, by an allow-list and without any HTML string: raw HTML is text, links go to
 * http, https and mailto, pictures come from `picture` or stay text.
 */
export function renderTokens(tokens: readonly Token[], picture: RenderPicture, depth = 0): ComponentChild[] {
  return tokens.map((token) => {
    if (isMathToken(token)) return <Formula tex={token.text} display={token.display} />
    if (!isMarkedToken(token) || depth > deepest) return token.raw
    return renderToken(token, (inner) => renderTokens(inner, picture, depth + 1), picture)
  })
}

function renderToken(
  token: MarkedToken,
  inner: (tokens: readonly Token[]) => ComponentChild[],
  picture: RenderPicture,
): ComponentChild {
  switch (token.type) {
    case 'space':
    case 'def':
      return null
    case 'paragraph':
      return <p dir="auto">{inner(token.tokens)}</p>
    case 'heading':
      return h(`h${Math.min(6, token.depth + 1)}`, { dir: 'auto' }, inner(token.tokens))
    case 'blockquote':
      return <blockquote dir="auto">{inner(token.tokens)}</blockquote>
    case 'list':
      return token.ordered ? (
        <ol dir="auto" start={typeof token.start === 'number' ? token.start : 1}>
          {inner(token.items)}
        </ol>
      ) : (
        <ul dir="auto">{inner(token.items)}</ul>
      )
    case 'list_item':
      return <li class={token.task ? 'task' : undefined}>{inner(token.tokens)}</li>
    case 'checkbox':
      return <input type="checkbox" disabled checked={token.checked} aria-label={texts.message.task} />
    case 'code':
      return <CodeBlock code={token.text} language={token.lang ?? ''} />
    case 'table':
      return <Table token={token} inner={inner} />
    case 'hr':
      return <hr />
    case 'html':
      return htmlAsText(token)
    case 'text':
      return 'tokens' in token && token.tokens ? (
        <Fragment>{inner(token.tokens)}</Fragment>
      ) : (
        decodeEntities(token.text)
      )
    case 'escape':
      return token.text
    case 'strong':
      return <strong>{inner(token.tokens)}</strong>
    case 'em':
      return <em>{inner(token.tokens)}</em>
    case 'del':
      return <s>{inner(token.tokens)}</s>
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'link': {
      const href = safeLink(token.href)
      if (href === undefined) return token.raw
      return (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {inner(token.tokens)}
        </a>
      )
    }
    case 'image':
      return picture(token.href, decodeEntities(token.text)) ?? token.raw
    default:
      return token satisfies never
  }
}

/** Models break lines in table cells with `<br>`; everything else that looks like HTML is only text. */
function htmlAsText(token: Tokens.HTML | Tokens.Tag): ComponentChild {
  if (/^<br\s*\/?>\s*$/i.test(token.raw)) return <br />
  return token.block ? <p class="as-written">{token.raw.trimEnd()}</p> : token.raw
}

function Table({
  token,
  inner,
}: {
  token: Tokens.Table
  inner: (tokens: readonly Token[]) => ComponentChild[]
}) {
  // By the rows that are there at first: what is written below them moves nothing.
  const [columns] = useState(() => columnsOf(token))
  return (
    <div class="table" tabIndex={0}>
      <table style={{ '--least': `${columns.least}ch` }}>
        <colgroup>
          {columns.widths.map((width) => (
            <col style={{ inlineSize: width === undefined ? 'auto' : `${width}ch` }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {token.header.map((cell) => (
              <th scope="col" data-align={cell.align ?? undefined}>
                {inner(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td data-align={cell.align ?? undefined}>{inner(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
