/**
 * A stand-in for OpenRouter that costs next to nothing, so that the load core keeps up: streams and picture
 * answers in the real wire format (wire.md sections 1.4 and 1.5), made beforehand. What is wanted stands in
 * the prompt as `tokens=100 pace=20`, `words=10000 pace=5`, `wait=3000`, `kilobytes=2048`.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { writeAnswer } from '../answer-text.ts'

/** The beginning of every token, by which the load knows one. */
const token = 'lumen'

const chunkHead =
  '{"id":"gen-1763640000-bench","provider":"Google AI Studio","model":"bench/writer","object":"chat.completion.chunk","created":1763640000,"choices":[{"index":0,"delta":'
const chunkTail = ',"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}\n\n'
const chunk = (content: string) =>
  `data: ${chunkHead}{"role":"assistant","content":${JSON.stringify(content)}}${chunkTail}`
const tokens = Array.from({ length: 1000 }, (_, index) => chunk(`${token}${index} `))
const ending =
  `data: ${chunkHead}{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"STOP","logprobs":null}]}\n\n` +
  'data: {"id":"gen-1763640000-bench","provider":"Google AI Studio","model":"bench/writer","object":"chat.completion.chunk","created":1763640000,"choices":[],"usage":{"prompt_tokens":900,"completion_tokens":100,"total_tokens":1000,"cost":0.0004}}\n\n' +
  'data: [DONE]\n\n'

/** Each picture is another one: a counter in a text chunk behind the header, sized to end on whole base64. */
interface Picture {
  header: Buffer
  rest: string
}
const pictures = new Map<number, Picture>()
let painted = 0

/** A PNG of about so many kilobytes that hardly compresses, like those of a photograph. */
async function makePicture(kilobytes: number): Promise<Picture> {
  const side = Math.round(Math.sqrt((kilobytes * 1024) / 3))
  const raw = { width: side, height: side, channels: 3 } as const
  const png = await sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return { header: png.subarray(0, 33), rest: png.subarray(33).toString('base64') }
}

function nextPicture({ header, rest }: Picture): [string, string] {
  const text = Buffer.alloc(24)
  text.writeUInt32BE(12, 0)
  text.write(`tEXtn\0${String((painted += 1)).padStart(10, '0')}`, 4, 'latin1')
  text.writeUInt32BE(crc32(text.subarray(4, 20)), 20)
  return [Buffer.concat([header, text]).toString('base64'), rest]
}

/** An answer of so many words of Markdown, in the small pieces that models write. */
function written(words: number): string[] {
  return (writeAnswer(words).match(/[^]{1,24}/g) ?? []).map(chunk)
}

function stream(res: ServerResponse, chunks: readonly string[], count: number, paceMs: number): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'x-generation-id': 'gen-1763640000-bench' })
  res.write(`: OPENROUTER PROCESSING\n\n${chunks[0]}`)
  let sent = 1
  const step = (): boolean => {
    if (sent < count) res.write(chunks[(sent += 1) - 1] ?? '')
    else res.end(ending)
    return res.writableEnded || res.destroyed
  }
  if (paceMs > 0) {
    const timer = setInterval(() => {
      if (step()) clearInterval(timer)
    }, paceMs)
  } else {
    const next = (): void => {
      if (!step()) setImmediate(next)
    }
    setImmediate(next)
  }
}

async function paint(res: ServerResponse, kilobytes: number): Promise<void> {
  const picture = pictures.get(kilobytes) ?? (await makePicture(kilobytes))
  pictures.set(kilobytes, picture)
  const [first, rest] = nextPicture(picture)
  const head = `{"id":"gen-1763640000-bench","provider":"Google AI Studio","model":"bench/painter","object":"chat.completion","created":1763640000,"choices":[{"index":0,"logprobs":null,"finish_reason":"stop","native_finish_reason":"STOP","message":{"role":"assistant","content":"","refusal":null,"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,${first}`
  const tail = `"},"index":0}]}}],"usage":{"prompt_tokens":20,"completion_tokens":1290,"total_tokens":1310,"cost":0.0387}}`
  res.writeHead(200, {
    'content-type': 'application/json',
    'content-length': head.length + rest.length + tail.length,
  })
  res.write(head, 'latin1')
  res.write(rest, 'latin1')
  res.end(tail, 'latin1')
}

/** The last place in the request where a wish is told: what comes before it is the conversation so far. */
function wish(body: string, name: string, otherwise: number): number {
  const at = body.lastIndexOf(`${name}=`)
  return at === -1 ? otherwise : Number.parseInt(body.slice(at + name.length + 1), 10)
}

const server = createServer((req, res) => {
  req.socket.setNoDelay(true)
  if (req.method === 'GET') {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end('{"data":[]}')
    return
  }
  const pieces: Buffer[] = []
  req.on('data', (piece: Buffer) => pieces.push(piece))
  req.on('end', () => {
    const body = Buffer.concat(pieces).toString('latin1')
    if (!body.includes('"modalities"')) {
      const words = wish(body, 'words', 0)
      const chunks = words > 0 ? written(words) : tokens
      return stream(res, chunks, words > 0 ? chunks.length : wish(body, 'tokens', 20), wish(body, 'pace', 0))
    }
    const kilobytes = wish(body, 'kilobytes', 2048)
    setTimeout(() => void paint(res, kilobytes), wish(body, 'wait', 0))
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
