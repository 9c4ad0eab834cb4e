import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Response } from 'express'
import { z } from 'zod'
import { Problem } from '../../errors.ts'
import { openApiDocument } from '../openapi.ts'
import { answered, route, type Route } from '../route.ts'
import { allowDocsPage } from '../security-headers.ts'

/** The reader's files, from its own package: nothing comes from another machine. */
const packageFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Easel: its API</title>
    <link rel="icon" href="/api/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reader"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`

const startScript = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reader', deepLinking: true, validatorUrl: null })
`

/**
 * The OpenAPI document of the whole table and a page to read it on. Both are public: they tell what is in the source.
 * @param table all routes, these among them; asked when the document is first wanted
 */
export function docsRoutes(table: () => readonly Route[]): Route[] {
  // Made when first asked for, since a start must not wait for it.
  let text: string | undefined

  return [
    route({
      method: 'get',
      path: '/api/openapi.json',
      access: 'public',
      summary: 'This document.',
      answers: { 200: z.looseObject({ openapi: z.string() }) },
      handle({ res }) {
        text ??= JSON.stringify(openApiDocument(table(), ownVersion()))
        res.type('json').send(text)
        return answered
      },
    }),
    route({
      method: 'get',
      path: '/api/docs',
      access: 'public',
      summary: 'This document as a page.',
      answers: { 200: undefined },
      media: ['text/html'],
      handle({ res }) {
        allowDocsPage(res)
        res.type('html').send(page)
        return answered
      },
    }),
    route({
      method: 'get',
      path: '/api/docs/:file',
      access: 'public',
      summary: "The page's scripts and styles.",
      params: z.object({ file: z.string() }),
      answers: { 200: undefined },
      media: ['text/javascript', 'text/css', 'image/png'],
      async handle({ params, res }) {
        if (params.file === 'start.js') res.type('js').send(startScript)
        else if (packageFiles.includes(params.file)) await sendPackageFile(res, params.file)
        else throw new Problem('not_found', 'There is nothing at this address.')
        return answered
      },
    }),
  ]
}

function sendPackageFile(res: Response, file: string): Promise<void> {
  const folder = path.dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')))
  res.setHeader('Cache-Control', 'public, max-age=86400')
  return new Promise((resolve, reject) => {
    res.sendFile(file, { root: folder, cacheControl: false }, (cause?: Error) => {
      // A reader that hung up has what it wanted.
      if (!cause || res.headersSent) resolve()
      else reject(cause)
    })
  })
}

const Package = z.object({ version: z.string() })

function ownVersion(): string {
  const file = path.join(import.meta.dirname, '../../../package.json')
  return Package.parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
