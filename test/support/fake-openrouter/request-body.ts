import type { IncomingMessage } from 'node:http'

/**
 * What the body was as JSON; undefined where there was none, or no JSON. Also resolves, with what had come,
 * when the client went away in the middle.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise<void>((resolve) => request.once('close', resolve).once('end', resolve))
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
