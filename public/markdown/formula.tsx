import { useEffect, useState } from 'preact/hooks'
import type { ComponentChild } from 'preact'

interface FormulaProps {
  tex: string
  display: boolean
}

/** A formula as MathML, whose code is fetched with the first one; until then, and where it has a fault, its source. */
export function Formula({ tex, display }: FormulaProps) {
  const [drawn, setDrawn] = useState<ComponentChild>()
  useEffect(() => {
    let wanted = true
    const draw = async () => {
      const { drawFormula } = await import('./draw-formula.ts')
      if (wanted) setDrawn(drawFormula(tex, display))
    }
    void draw()
    return () => {
      wanted = false
    }
  }, [tex, display])
  const shown = drawn ?? <code dir="ltr">{tex}</code>
  return display ? (
    <span class="formula" tabIndex={0} role="group">
      {shown}
    </span>
  ) : (
    <>{shown}</>
  )
}
