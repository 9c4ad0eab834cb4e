import type { CommandDescription } from '../../server/contract/lists.ts'
import { parseSlash, type Slash } from '../../server/contract/slash-grammar.ts'

/** What a message turns out to be. While the commands are not known, only the server can tell. */
export function readSlash(text: string, commands: readonly CommandDescription[]): Slash {
  return commands.length === 0 ? { kind: 'text', text: text.trim() } : parseSlash(text, commands)
}
