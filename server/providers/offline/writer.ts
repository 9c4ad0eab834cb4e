import { setTimeout as pause } from 'node:timers/promises'
import type { Language } from '../../contract/language.ts'
import type { PromptMessage, WritePurpose, Writer, WriteRequest, Written } from '../provider.ts'
import { writeChat } from './write/chat.ts'
import { writeDescription } from './write/describe.ts'
import { writeExtract } from './write/extract.ts'
import { writeRefinement } from './write/refine.ts'
import { writeSummary } from './write/summary.ts'
import { writeTitle } from './write/title.ts'

export interface OfflineWriterOptions {
  /** Milliseconds between two pieces of streamed text; 0 writes as fast as it is read. Default 12. */
  paceMs?: number
}

const wordsPerPiece = 3

type Write = (messages: readonly PromptMessage[], language: Language) => string | Promise<string>

const writers: Readonly<Record<WritePurpose, Write>> = {
  chat: writeChat,
  refine: (messages) => writeRefinement(lastUserText(messages)),
  title: (messages) => writeTitle(lastUserText(messages)),
  summary: (messages) => writeSummary(lastUserText(messages)),
  extract: (messages) => writeExtract(lastUserText(messages)),
  describe: (messages) => writeDescription(lastUserText(messages), messages.findLast(isUser)?.pictures?.[0]),
}

/** A plain-spoken writer by rule: the same messages give the same words. */
export function offlineWriter({ paceMs = 12 }: OfflineWriterOptions = {}): Writer {
  return { write: (request) => stream(request, paceMs) }
}

async function stream(request: WriteRequest, paceMs: number): Promise<Written> {
  const { messages, purpose, language = 'en', signal, maxTokens = Infinity, onText } = request
  signal.throwIfAborted()
  const whole = await writers[purpose](messages, language)
  const text = whole.slice(0, maxTokens * charactersPerToken)
  for (const piece of pieces(text)) {
    if (paceMs > 0) await pausing(paceMs, signal)
    signal.throwIfAborted()
    onText(piece)
  }
  return {
    finish: text.length < whole.length ? 'length' : 'stop',
    spent: {
      promptTokens: tokensOf(messages.reduce((sum, message) => sum + message.text.length, 0)),
      completionTokens: tokensOf(text.length),
      costMicro: 0,
      upstreamId: undefined,
    },
  }
}

const charactersPerToken = 4

function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

/** Waits; when the signal is aborted meanwhile, throws its own reason and not the timer's error. */
async function pausing(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal })
  } catch (failure) {
    signal.throwIfAborted()
    throw failure
  }
}

/** A few words at a time, blanks and line breaks kept. */
function* pieces(text: string): Generator<string, void, undefined> {
  const words = text.match(/\s*\S+\s*/g) ?? []
  for (let at = 0; at < words.length; at += wordsPerPiece) yield words.slice(at, at + wordsPerPiece).join('')
}

function isUser(message: PromptMessage): boolean {
  return message.role === 'user'
}

function lastUserText(messages: readonly PromptMessage[]): string {
  return messages.findLast(isUser)?.text ?? ''
}
