import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import compression from 'compression'
import express, { type RequestHandler, Router } from 'express'
import { allowPage } from './security-headers.ts'

/** The addresses that the page itself answers. */
const pagePaths = ['/', '/c/:conversation_id', '/gallery', '/sign-in', '/register']

/** The built page: hashed assets that never change, and one HTML file for all of its addresses. */
export function pageRoutes(folder: string): RequestHandler {
  const router = Router()
  const assets = path.join(folder, 'assets')
  const compress = compression()
  router.use(
    '/assets',
    compress,
    express.static(assets, {
      immutable: true,
      maxAge: '365d',
      index: false,
      redirect: false,
      fallthrough: true,
    }),
  )
  const file = path.join(folder, 'index.html')
  let html: { text: string; changed: number } | undefined
  /** Read again when it was built anew, so that a page that is worked on needs no restart. */
  function read(): string | undefined {
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (changed === undefined) return undefined
    if (html?.changed !== changed) html = { text: readFileSync(file, 'utf8'), changed }
    return html.text
  }
  router.get(pagePaths, compress, (req, res, next) => {
    const text = read()
    if (text === undefined) {
      next()
      return
    }
    allowPage(res)
    res.type('html').send(inTheme(text, req.headers.cookie))
  })
  return router
}

/**
 * The page in the colours that were chosen in this browser, which keeps them in a cookie. Written into the page
 * rather than set by its script: that one runs after the first colours were seen.
 */
function inTheme(html: string, cookies: string | undefined): string {
  const theme = /(?:^|;\s*)easel_theme=(light|dark)(?:;|$)/.exec(cookies ?? '')?.[1]
  return theme === undefined ? html : html.replace('<html', `<html data-theme="${theme}"`)
}
