import { expect, it } from 'vitest'
import { sayMessage } from '../../server/turns/say-message.ts'

const say = (text: string, sender: 'user' | 'model' = 'user', kind = 'image') =>
  sayMessage({ text, sender, kind }, [])

it.each([
  ['/image my barn --aspect 16:9', 'Picture wanted: my barn'],
  ['/draw a cat --raw --n=2 --model "a/b" in the rain', 'Picture wanted: a cat in the rain'],
  ['/image a cat — n 2', 'Picture wanted: a cat — n 2'],
  ['/image a cat —n 2', 'Picture wanted: a cat'],
  ['please /image a cat --raw', 'please /image a cat'],
  ['/image a wall that says --raw-- and --no', 'Picture wanted: a wall that says --raw-- and --no'],
])('%j is told to models as %j', (text, told) => {
  expect(say(text)).toBe(told)
})

it('leaves options alone where they are talk, and links out of answers', () => {
  expect(say('what does --raw do?', 'user', 'chat')).toBe('what does --raw do?')
  expect(say('![Generated Image](/api/conversation-image/c/img_1.png)\n\nHere.', 'model')).toBe('Here.')
})
