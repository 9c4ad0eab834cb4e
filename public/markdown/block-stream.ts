import type { Token } from 'marked'
import { readBlocks } from './read-blocks.ts'

/**
 * Reads a text that grows. Blocks that can no longer change keep their identity, so that what stands on the
 * page is not rendered again; only the unsettled tail is read anew. A block is settled once more than two
 * non-blank blocks follow it: with fewer, a list or a table may still take in what comes.
 */
export class BlockStream {
  #settled: Token[] = []
  #settledLength = 0
  #text = ''
  #blocks: Token[] | undefined = []

  /** The blocks of `text`, or undefined when it is beyond what is read as Markdown. */
  update(text: string): readonly Token[] | undefined {
    const normal = text.replaceAll('\r\n', '\n')
    if (normal === this.#text) return this.#blocks
    if (!normal.startsWith(this.#text.slice(0, this.#settledLength))) this.#restart()
    this.#text = normal
    const tail = normal.slice(this.#settledLength)
    const read = readBlocks(tail)
    if (!read) {
      this.#restart()
      this.#blocks = undefined
      this.#text = normal
      return undefined
    }
    this.#settle(read, tail)
    return this.#blocks
  }

  #settle(read: Token[], tail: string) {
    const settling = countSettled(read)
    const settled = read.slice(0, settling)
    const length = settled.reduce((sum, token) => sum + token.raw.length, 0)
    // Raws that do not add up to the source would cut it in the wrong place.
    const exact = settled.map((token) => token.raw).join('') === tail.slice(0, length)
    this.#blocks = [...this.#settled, ...read]
    if (!exact || settling === 0) return
    this.#settled = [...this.#settled, ...settled]
    this.#settledLength += length
  }

  #restart() {
    this.#settled = []
    this.#settledLength = 0
  }
}

function countSettled(tokens: readonly Token[]): number {
  let following = 0
  for (let index = tokens.length - 1; index >= 0; index -= 1) {
    if (following > 2) return index + 1
    if (tokens[index]?.type !== 'space') following += 1
  }
  return 0
}
