import type { ComponentChild } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { CopyButton } from '../parts/copy-button.tsx'
import { texts } from '../texts/texts.ts'

/** How long code must stand still before it is coloured, in milliseconds: not with every word that arrives. */
const rest = 150
/** Longer code is left plain; colouring is worse than linear. */
const mostCharacters = 40_000

/** Code with its language and a way to copy it; coloured once it is whole, by code that is fetched for it. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const name = language.split(/\s/)[0] ?? ''
  const [coloured, setColoured] = useState<{ of: string; drawn: ComponentChild }>()
  useEffect(() => {
    if (name === '' || code.length > mostCharacters) return undefined
    let wanted = true
    const colour = async () => {
      const { colourCode } = await import('./colour-code.tsx')
      const drawn = await colourCode(code, name)
      if (wanted && drawn) setColoured({ of: code, drawn })
    }
    const timer = setTimeout(() => void colour(), rest)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [code, name])
  return (
    <div class="code-block" dir="ltr">
      <header>
        <span>{name || texts.message.code}</span>
        <CopyButton text={code} label={texts.message.copyCode} />
      </header>
      <pre tabIndex={0}>
        {/* Elements of its own for each: reused ones would jump to other places. */}
        {coloured?.of === code ? (
          <code key="coloured">{coloured.drawn}</code>
        ) : (
          <code key="plain">{code}</code>
        )}
      </pre>
    </div>
  )
}
