import { describe, expect, it } from 'vitest'
import { drawFormula } from '../../public/markdown/draw-formula.ts'
import { isMathToken } from '../../public/markdown/math-tokens.ts'
import { readBlocks } from '../../public/markdown/read-blocks.ts'

type Token = NonNullable<ReturnType<typeof readBlocks>>[number]

/** The formulas of a text; those on a line of their own stand in brackets. */
function formulas(text: string): string[] {
  const found: string[] = []
  const look = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      if (isMathToken(token)) found.push(token.display ? `[${token.text}]` : token.text)
      else if ('tokens' in token && token.tokens) look(token.tokens)
    }
  }
  look(readBlocks(text) ?? [])
  return found
}

describe('formulas in a text', () => {
  it.each([
    ['The area is $\\pi r^2$.', ['\\pi r^2']],
    ['Both \\(a_1\\) and \\(b_1\\)', ['a_1', 'b_1']],
    ['Then $$x = 1$$ holds', ['[x = 1]']],
    ['$$\na\n- b\n+ c\n$$\nafter', ['[a\n- b\n+ c]']],
    ['before\n\\[\na_1 * b * c\n\\]', ['[a_1 * b * c]']],
    ['$$\\begin{cases}1\\\\2\\end{cases}$$', ['[\\begin{cases}1\\\\2\\end{cases}]']],
    ['$x$, $y$ and $z$', ['x', 'y', 'z']],
  ])('finds those of %j', (text, expected) => {
    expect(formulas(text)).toEqual(expected)
  })

  it.each([
    'It costs $5, or $10 for two.',
    'from $5-$10',
    'a $ b $ c',
    '`$x$`',
    '```\n$$x$$\n```',
    '\\$x$ is code',
    '$$ open and never closed',
    '$$\n\n$$',
    'US$ and CA$',
  ])('leaves %j as it is', (text) => {
    expect(formulas(text)).toEqual([])
  })

  it('does not hang on many marks', () => {
    expect(readBlocks('$a '.repeat(20_000))).toBeDefined()
    expect(readBlocks('\\( '.repeat(20_000))).toBeDefined()
    expect(readBlocks(`$$${'\n$ a'.repeat(10_000)}`)).toBeDefined()
  })
})

describe('a formula', () => {
  it('becomes MathML', () => {
    const drawn = JSON.stringify(drawFormula('\\frac{a}{b} + \\vec{x}', true))
    expect(drawn).toContain('mfrac')
    expect(drawn).toContain('"type":"math"')
  })

  it.each(['\\frac{a}', '\\nothing', '{'.repeat(60), '\\def\\a{\\a\\a}\\a'])(
    'is left as its source for %j',
    (tex) => {
      expect(drawFormula(tex, false)).toBeUndefined()
    },
  )

  it('loads nothing and leads nowhere', () => {
    const drawn = JSON.stringify(drawFormula('\\href{javascript:alert(1)}{x} y', false) ?? '')
    expect(drawn).not.toContain('javascript')
    expect(
      JSON.stringify(drawFormula('\\includegraphics{https://a.example/b.png}', false) ?? ''),
    ).not.toContain('example')
  })
})
