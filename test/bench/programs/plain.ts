/**
 * The plainest way to a picture: fetch the answer, parse it, decode, hash, write, sync, rename. Nothing is
 * checked and nothing recorded.
 */
import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

const provider = new URL(`${process.argv[2]}/chat/completions`)
const folder = process.argv[3] ?? '.'
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const headers = { 'content-type': 'application/json' }
let count = 0

function fetchAnswer(prompt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(provider, { method: 'POST', agent, headers }, (answer) => {
      const body: Buffer[] = []
      answer.on('data', (piece: Buffer) => body.push(piece))
      answer.on('end', () => resolve(Buffer.concat(body).toString()))
    })
    asked.on('error', reject)
    const messages = [{ role: 'user', content: prompt }]
    asked.end(JSON.stringify({ model: 'bench/painter', modalities: ['image', 'text'], messages }))
  })
}

async function paint(prompt: string): Promise<string> {
  const answer = JSON.parse(await fetchAnswer(prompt))
  const url: string = answer.choices[0].message.images[0].image_url.url
  const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
  const name = createHash('sha256').update(bytes).digest('hex')
  const temporary = path.join(folder, `.tmp-${(count += 1)}`)
  const file = await open(temporary, 'wx')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
  await rename(temporary, path.join(folder, `${name}.png`))
  return name
}

const server = createServer((req, res) => {
  const body: Buffer[] = []
  req.on('data', (piece: Buffer) => body.push(piece))
  req.on('end', () => {
    const { prompt } = JSON.parse(Buffer.concat(body).toString()) as { prompt: string }
    paint(prompt).then(
      (name) => res.end(JSON.stringify({ state: 'complete', name })),
      (cause: unknown) => res.writeHead(500).end(String(cause)),
    )
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
