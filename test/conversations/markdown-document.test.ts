import { expect, it } from 'vitest'
import { closeFences } from '../../server/conversations/markdown-document.ts'
import { moveLinks, rewritePictureLinks } from '../../server/conversations/picture-links.ts'

it.each([
  ['no code', 'plain words', 'plain words'],
  ['a closed block', '```js\nlet a\n```', '```js\nlet a\n```'],
  ['an open block', '```js\nlet a', '```js\nlet a\n```'],
  ['an open block of tildes', '~~~~\na\n~~~', '~~~~\na\n~~~\n~~~~'],
  ['a fence within a longer one', '````\n```\na', '````\n```\na\n````'],
  ['a block closed by a longer fence', '```\na\n`````', '```\na\n`````'],
  ['a fence of the other kind within', '```\n~~~\na\n```', '```\n~~~\na\n```'],
  ['a line with words after the fence is no end', '```\n``` a', '```\n``` a\n```'],
  ['code within a line is no fence', '```a``` b', '```a``` b'],
  ['code indented by four is no fence', '    ```', '    ```'],
])('leaves no code block open: %s', (_name, text, closed) => {
  expect(closeFences(text)).toBe(closed)
})

const here = '01990000-0000-7000-8000-0000000000c1'
const there = '01990000-0000-7000-8000-0000000000c2'
const link = `/api/conversation-image/${here}/img_1.png`

it.each([
  ['a picture', `![a](${link})`, '![a](IMG)'],
  ['a preview', `![a](${link}?w=512)`, '![a](IMG)'],
  ['two at once', `(${link}) (${link})`, '(IMG) (IMG)'],
  ['at the start', link, 'IMG'],
  ['another conversation', `(/api/conversation-image/${there}/img_1.png)`, undefined],
  ['another server', `(https://example.org${link})`, undefined],
  ['something that is no picture', `(/api/conversation-image/${here}/a.svg)`, undefined],
  ['a path that climbs', `(/api/conversation-image/${here}/../a.png)`, undefined],
])('finds links to pictures: %s', (_name, text, rewritten) => {
  expect(rewritePictureLinks(text, here, () => 'IMG')).toBe(rewritten ?? text)
})

it('moves links and keeps what follows the name', () => {
  expect(moveLinks(`![a](${link}?w=256)`, here, there, () => 'img_2.png')).toBe(
    `![a](/api/conversation-image/${there}/img_2.png?w=256)`,
  )
})
