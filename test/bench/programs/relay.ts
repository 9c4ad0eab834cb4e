/**
 * The limit of streaming: passes a prompt on, parses the provider's events and writes their words as events
 * of its own, one write a chunk. No account, no conversation, nothing kept.
 */
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

const provider = new URL(`${process.argv[2]}/chat/completions`)
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const headers = { 'content-type': 'application/json' }

const server = createServer((req, res) => {
  const body: Buffer[] = []
  req.on('data', (piece: Buffer) => body.push(piece))
  req.on('end', () => {
    const { prompt } = JSON.parse(Buffer.concat(body).toString()) as { prompt: string }
    const asked = request(provider, { method: 'POST', agent, headers }, (answer) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      let rest = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        const lines = (rest + piece).split('\n')
        rest = lines.pop() ?? ''
        let out = ''
        for (const line of lines) {
          if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
          const text: unknown = JSON.parse(line.slice(6)).choices[0]?.delta?.content
          if (typeof text === 'string' && text !== '') out += `data: ${JSON.stringify({ text })}\n\n`
        }
        if (out !== '') res.write(out)
      })
      answer.on('end', () => res.end('data: {"done":true}\n\n'))
    })
    const messages = [{ role: 'user', content: prompt }]
    asked.end(JSON.stringify({ model: 'bench/writer', stream: true, messages }))
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
