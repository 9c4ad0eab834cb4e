import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import express, { type NextFunction, type Request, type Response } from 'express'
import { pino } from 'pino'
import { request } from 'undici'
import { onTestFinished } from 'vitest'
import { asProblem, Problem } from '../../server/errors.ts'
import { Reply, type Route } from '../../server/http/route.ts'
import { imageRoutes } from '../../server/http/routes/images.ts'
import { uploadRoutes, type UploadRouteParts } from '../../server/http/routes/uploads.ts'
import { fileServer } from '../../server/images/serve-file.ts'
import type { NewImage } from '../../server/store/image-row.ts'
import { ana, anasTalk, bob, pictureStore } from './picture-store.ts'

const log = pino({ level: 'silent' })

function parse(schema: Route['params'], value: unknown): unknown {
  const parsed = schema?.safeParse(value)
  if (parsed && !parsed.success) throw new Problem('invalid_request', parsed.error.message)
  return parsed?.data
}

/** Mounts routes as the server does, signed in as whom the header names. */
function mount(routes: readonly Route[]) {
  const app = express()
  app.use((_req, res, next) => {
    // What every answer of the server carries; those of pictures set some of them anew.
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    next()
  })
  for (const route of routes) {
    app[route.method](route.path, express.json(), async (req: Request, res: Response) => {
      const id = req.headers['x-user'] === 'bob' ? bob : ana
      const answer = await route.handle({
        user: { id, username: 'x', display_name: 'x', role: 'user', tier: 'free' },
        params: parse(route.params, req.params),
        query: parse(route.query, req.query),
        body: parse(route.body, req.body),
        requestId: 'r',
        req,
        res,
      })
      if (answer instanceof Reply) res.status(answer.status).json(answer.body)
      else if (typeof answer !== 'symbol') res.json(answer)
    })
  }
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const problem = asProblem(error)
    res.status(problem.status).json({ code: problem.code, message: problem.message })
  })
  return app
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

/** The routes of pictures and uploads, on a store and a folder of their own, over real HTTP. */
export async function startImages(more: Partial<UploadRouteParts> = {}) {
  const store = pictureStore()
  const parts = { ...store, log, files: fileServer() }
  const base = await listen(
    createServer(mount([...imageRoutes(parts), ...uploadRoutes({ ...parts, ...more })])),
  )

  async function ask(
    method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    {
      as = 'ana',
      headers = {},
      json,
      body,
    }: { as?: string; headers?: Record<string, string>; json?: object; body?: Buffer } = {},
  ) {
    const answer = await request(`${base}${url}`, {
      method,
      headers: { 'x-user': as, ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(json) : (body ?? null),
    })
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    const isJson = String(answer.headers['content-type']).includes('json')
    const parsed: unknown = isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined
    return { status: answer.statusCode, headers: answer.headers, bytes, json: parsed }
  }

  /** Records a picture of Ana's and puts its file where it belongs. */
  function addPicture(bytes: Buffer, given: Partial<NewImage> = {}) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const row = store.add({ sha256, bytes: bytes.length, ...given })
    const file = path.join(store.storageDir, row.path)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    return { row, file, url: `/api/conversation-image/${anasTalk}/${row.filename}` }
  }
  return { ...store, base, ask, addPicture }
}

interface Form {
  body: Buffer
  headers: Record<string, string>
}

/** A multipart body as browsers make it. */
export async function encoded(fields: FormData): Promise<Form> {
  const answer = new Response(fields)
  const contentType = answer.headers.get('content-type') ?? ''
  return { body: Buffer.from(await answer.arrayBuffer()), headers: { 'content-type': contentType } }
}

export function form(bytes: Buffer, name = 'photo.png', type = 'image/png'): Promise<Form> {
  const fields = new FormData()
  fields.set('file', new Blob([new Uint8Array(bytes)], { type }), name)
  return encoded(fields)
}
