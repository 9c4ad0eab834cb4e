import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { Problem } from '../errors.ts'

/** What a multipart body may have around its file. */
const mostEnvelopeBytes = 64 * 1024

/**
 * Reads a multipart body (RFC 7578) and hands its first file on while it arrives; other parts are ignored.
 * @param take gets the file's bytes; one byte more than `mostBytes` comes when the file is longer
 * @throws Problem `unsupported_media_type`, `payload_too_large`, `invalid_request` (no file, a damaged or cut
 * body), and whatever `take` throws
 */
export async function receiveFile<T>(
  req: IncomingMessage,
  mostBytes: number,
  take: (file: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  if (Number(req.headers['content-length'] ?? 0) > mostBytes + mostEnvelopeBytes) {
    req.resume()
    throw new Problem(
      'payload_too_large',
      `The file is larger than ${Math.floor(mostBytes / 1024 / 1024)} MB. Send a smaller one.`,
    )
  }
  const parser = openParser(req, mostBytes)
  try {
    return await new Promise<T>((resolve, reject) => {
      let file: BusboyFileStream | undefined
      parser.on('file', (_field, stream) => {
        if (file) {
          stream.resume()
          return
        }
        file = stream
        // Whoever reads it is told of its fault; an event that nobody hears would end the process.
        stream.on('error', () => undefined)
        take(stream).then(resolve, reject)
      })
      parser.on('finish', () => {
        if (!file) reject(noFile())
      })
      function broken(cause: unknown) {
        const problem = new Problem('invalid_request', 'The upload was cut off or is no valid form.', {
          cause,
        })
        file?.destroy(problem)
        reject(problem)
      }
      parser.on('error', broken)
      req.on('close', () => {
        if (!req.complete) broken(new Error('the client closed the connection'))
      })
      req.pipe(parser)
    })
  } finally {
    // What was refused is read to its end, so that the client gets to read the answer.
    req.unpipe(parser)
    req.resume()
  }
}

function openParser(req: IncomingMessage, mostBytes: number): BusboyInstance {
  const contentType = req.headers['content-type'] ?? ''
  if (contentType === '') throw noFile()
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) {
    throw new Problem('unsupported_media_type', 'Send the file as multipart/form-data.')
  }
  const headers: BusboyHeaders = { ...req.headers, 'content-type': contentType }
  const limits = {
    files: 1,
    fileSize: mostBytes + 1,
    fields: 10,
    fieldSize: 1024,
    parts: 20,
    headerPairs: 50,
  }
  try {
    return new Busboy({ headers, limits })
  } catch (cause) {
    throw new Problem('invalid_request', 'The form names no boundary.', { cause })
  }
}

function noFile(): Problem {
  return new Problem('invalid_request', 'The form holds no file. Put it into a field of type file.', {
    details: [{ field: 'file', message: 'is missing' }],
  })
}
