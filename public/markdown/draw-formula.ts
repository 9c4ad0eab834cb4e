import { h, type ComponentChild, type VNode } from 'preact'
import temml, { type Options } from 'temml'
import '../styles/formula.css'

/** The nodes of temml's tree, as far as they are read here; its own types leave them open. */
interface TreeNode {
  type?: string
  text?: string
  attributes?: Record<string, string>
  classes?: readonly string[]
  style?: Record<string, string | number>
  children?: readonly TreeNode[]
}

interface TreeMaker {
  __renderToMathMLTree: (tex: string, options: Options) => TreeNode
}

// The package's declarations take its module for CommonJS and leave this function out of the exported object.
const { __renderToMathMLTree: treeOf } = temml as unknown as TreeMaker

const elements = new Set(
  (
    'math annotation menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms ' +
    'mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics'
  ).split(' '),
)
/** What neither loads, nor leads anywhere, nor runs. */
const attributes = new Set(
  (
    'accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle fence form height ' +
    'largeop linebreak linethickness lspace mathcolor mathbackground mathvariant maxsize minsize movablelimits notation ' +
    'rowlines rowspacing rowspan rspace scriptlevel separator stretchy symmetric voffset width'
  ).split(' '),
)

/** A formula as elements; undefined where its TeX has a fault. Nothing passes through an HTML string. */
export function drawFormula(tex: string, display: boolean): VNode | undefined {
  try {
    const tree = treeOf(tex, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      maxExpand: 500,
      maxSize: [20, 20],
    })
    const drawn = draw(tree)
    return isElement(drawn) ? drawn : undefined
  } catch (thrown) {
    // A fault in the formula, or one nested beyond the stack: its source is shown.
    if (thrown instanceof Error && ['ParseError', 'RangeError'].includes(thrown.name)) return undefined
    throw thrown
  }
}

function draw(node: TreeNode): ComponentChild {
  if (node.type === undefined) return node.text ?? (node.children ?? []).map(draw)
  if (!elements.has(node.type)) return (node.children ?? []).map(draw)
  if (isLetter(node)) {
    // Browsers draw a letter of its own from a mathematical alphabet that many systems have no font for.
    return h('mi', { mathvariant: 'normal', class: 'formula__letter' }, node.children?.[0]?.text)
  }
  const kept = Object.entries(node.attributes ?? {}).filter(([name]) => attributes.has(name))
  return h(
    node.type,
    {
      ...Object.fromEntries(kept),
      ...(node.classes && node.classes.length > 0 ? { class: node.classes.join(' ') } : {}),
      // Set by script on the element, which the content policy allows; no style attribute is written.
      ...(node.style && Object.keys(node.style).length > 0 ? { style: node.style } : {}),
    },
    (node.children ?? []).map(draw),
  )
}

function isLetter({ type, attributes: given, children }: TreeNode): boolean {
  const plain = given?.['mathvariant'] === undefined && children?.length === 1
  return type === 'mi' && plain && /^[a-zA-Zα-ωϑϕϖϱϵ]$/.test(children[0]?.text ?? '')
}

function isElement(drawn: ComponentChild): drawn is VNode {
  return typeof drawn === 'object' && drawn !== null && 'type' in drawn
}
