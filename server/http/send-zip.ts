import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import type { Logger } from 'pino'
import { attachment, downloadName } from '../images/download-name.ts'
import { answered } from './route.ts'

/** A reader that takes nothing for so long is cut off. */
const stalledMs = 30_000

interface Zip {
  content: ReadableStream<Uint8Array>
  /** What the download is called after, in words; the time is added. */
  name: string
  /** Milliseconds since 1970. */
  now: number
}

/** Answers with a ZIP that is made while it is sent. */
export async function sendZip(
  res: Response,
  { content, name, now }: Zip,
  log: Logger,
): Promise<typeof answered> {
  res.setTimeout(stalledMs)
  res.writeHead(200, {
    'Content-Type': 'application/zip',
    'Content-Disposition': attachment(downloadName(now, name, 'zip')),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  try {
    await pipeline(Readable.fromWeb(content), res)
  } catch (cause) {
    // The answer has begun, so breaking the connection is all that can be said.
    log.warn({ err: cause }, 'a download was cut off')
  }
  return answered
}
