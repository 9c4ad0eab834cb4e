import { useEffect, useMemo } from 'preact/hooks'
import { fetchFormulas, formulaPainter } from './formulas.ts'

interface FormulaProps {
  tex: string
  display: boolean
}

/** A formula as MathML; where what draws it cannot be had, or it has a fault, its source. */
export function Formula({ tex, display }: FormulaProps) {
  const draw = formulaPainter.value
  useEffect(() => {
    if (!draw) void fetchFormulas()
  }, [draw])
  const drawn = useMemo(() => draw?.(tex, display), [draw, tex, display])
  const shown = drawn ?? <code dir="ltr">{tex}</code>
  return display ? (
    <span class="formula" tabIndex={0} role="group">
      {shown}
    </span>
  ) : (
    <>{shown}</>
  )
}
