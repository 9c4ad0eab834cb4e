import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Client } from '../support/client.ts'
import { killEaselProcesses, startEaselProcess, type EaselProcess } from '../support/easel-process.ts'
import { asksForPicture, hold, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { startFakeOpenRouter, type Behaviour, type FakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { killBefore } from '../support/kill-everywhere.ts'
import { assertLedgerAtRest, comesToRest } from '../support/ledger-at-rest.ts'
import { pictureCalls } from '../support/picture-calls.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let fake: FakeOpenRouter
let storageDir: string
let small: Behaviour
beforeEach(async () => {
  fake = await startFakeOpenRouter()
  storageDir = temporaryFolder()
  small = picture({ bytes: await samplePng({ width: 64, height: 64 }) })
  fake.always(when(asksForPicture, small))
})
afterEach(async () => {
  await killEaselProcesses()
  await fake.close()
})

/** Two servers that are started on the folder at the same moment. */
async function startTwo(): Promise<[EaselProcess, EaselProcess]> {
  const [one, two] = await Promise.all([1, 2].map(() => startEaselProcess({ storageDir, fake })))
  if (!one || !two) throw new Error('a server was killed before it listened')
  return [one, two]
}

it('are both of use on a new folder', async () => {
  const [one, two] = await startTwo()
  const anna = one.client()
  await anna.register('anna')
  const conversation = await anna.conversation()
  expect(await anna.say(conversation, 'hello')).toMatchObject({ status: 200, body: { state: 'complete' } })
  const there = two.client(anna.cookie)
  expect(await there.say(conversation, '/image a fox --raw')).toMatchObject({
    status: 200,
    body: { generated_images: [{ number: 1 }] },
  })
  for (const server of [one, two]) server.kill('SIGTERM')
  expect(await Promise.all([one.exited, two.exited])).toEqual([0, 0])
  assertLedgerAtRest(storageDir)
})

it('take up what a killed one left once, and both before they listen', async () => {
  let left: Client | undefined
  const prompts = ['a fox', 'a hen', 'a cat', 'a dog']
  const ask = (client: Client, prompt: string) =>
    client.post(
      '/api/generate-image',
      { prompt, better_context: false },
      { 'idempotency-key': prompt.replace(' ', '-') },
    )
  // Every call has left before the first picture comes: what was never sent would be sent anew, rightly.
  const held = prompts.map(() => hold({ of: small }))
  for (const { behaviour } of held) fake.next(when(asksForPicture, behaviour))
  await killBefore(/^unlinkSync .*tmp/, { storageDir, fake }, async (server) => {
    left = server.client()
    await left.register('anna')
    const asking = Promise.all(prompts.map((prompt) => ask(left as Client, prompt)))
    await Promise.all(held.map(({ reached }) => reached))
    for (const { release } of held) release()
    await asking
  })
  const asked = pictureCalls(fake)

  const servers = await startTwo()
  assertLedgerAtRest(storageDir)
  for (const server of servers) {
    const anna = server.client(left?.cookie)
    for (const prompt of prompts) await ask(anna, prompt)
  }
  expect(pictureCalls(fake)).toBe(asked)
  await comesToRest(storageDir)
})
