import { request } from 'node:http'
import type { Answer, Client } from './client.ts'

/** A request whose address goes on the wire exactly as it is given; URL parsers would tidy it first. */
export function requestLine(
  url: string,
  method: string,
  address: string,
  client: Pick<Client, 'cookie'>,
): Promise<Pick<Answer, 'status' | 'text' | 'body'>> {
  return new Promise((resolve, reject) => {
    const call = request(url, {
      path: address,
      method: method.toUpperCase(),
      headers: { cookie: client.cookie ?? '' },
    })
    call.on('error', reject)
    call.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text, body: text === '' ? undefined : JSON.parse(text) })
      })
      answer.on('error', reject)
    })
    call.end()
  })
}
