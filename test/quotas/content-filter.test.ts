import { expect, it } from 'vitest'
import { contentFilter } from '../../server/quotas/content-filter.ts'

const filter = contentFilter(['gore', 'bare skin', 'c++', 'ölbad'])

it.each([
  'Gore everywhere',
  'much GORE, please',
  'bare   skin',
  'c++ code',
  'ein Ölbad',
  'ein O\u0308lbad',
  'ｇｏｒｅ',
])('refuses %j', (prompt) => {
  expect(() => filter(prompt)).toThrow(expect.objectContaining({ code: 'content_policy', status: 422 }))
})

it.each(['Al Gorean mountains', 'a bare tree, skin of bark', 'categories', 'c+ code'])(
  'lets %j pass',
  (prompt) => {
    expect(() => filter(prompt)).not.toThrow()
  },
)
