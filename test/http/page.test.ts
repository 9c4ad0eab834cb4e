import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import express from 'express'
import request from 'supertest'
import { expect, it } from 'vitest'
import { pageRoutes } from '../../server/http/page.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

it.each([
  ['none', undefined, '<html lang="en">'],
  ['dark', 'easel_theme=dark', '<html data-theme="dark" lang="en">'],
  ['light among others', 'a=b; easel_theme=light; c=d', '<html data-theme="light" lang="en">'],
  ['a strange one', 'easel_theme="><script>', '<html lang="en">'],
  ['one that only ends so', 'not_easel_theme=dark', '<html lang="en">'],
])('the page comes in the colours of the cookie: %s', async (_, cookie, beginning) => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><html lang="en"></html>')
  const app = express().use(pageRoutes(folder))
  const { text } = await request(app)
    .get('/c/0123456789abcdef')
    .set(cookie === undefined ? {} : { Cookie: cookie })
    .expect(200)
  expect(text).toBe(`<!doctype html>${beginning}</html>`)
})

it('the first view asks for one script, under 60 kB as it travels, and for one style sheet', () => {
  const page = readFileSync('dist/index.html', 'utf8')
  const asked = [...page.matchAll(/ (?:src|href)="(\/assets\/[^"]+\.(js|css))"/g)]
  expect(asked.map(([, , kind]) => kind ?? '').toSorted()).toEqual(['css', 'js'])
  const script = asked.find(([, , kind]) => kind === 'js')?.[1] ?? ''
  expect(gzipSync(readFileSync(path.join('dist', script))).length).toBeLessThan(60_000)
})
