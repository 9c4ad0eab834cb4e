import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { killEaselProcesses, startEaselProcess } from '../support/easel-process.ts'
import { asksForPicture, picture, when } from '../support/fake-openrouter/behaviours.ts'
import { startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { samplePng } from '../support/sample-pictures.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

afterEach(killEaselProcesses)

/** The last write of the transaction that records picture, message and settlement. */
const endOfTurn = 'commit of update generations set owner = ? where turn_id'

it('has a picture on the disk before the database says so, whenever the power goes', async () => {
  const storageDir = temporaryFolder()
  const fake = await startFakeOpenRouter()
  onTestFinished(() => fake.close())
  const log = path.join(storageDir, 'points.log')
  const env = { KILL_LOG: log }
  const server = await startEaselProcess({ storageDir, fake, env, preload: 'kill-at-point.ts' })
  const anna = server?.client()
  await anna?.register('anna')
  const conversation = (await anna?.conversation()) ?? ''
  fake.next(when(asksForPicture, picture({ bytes: await samplePng({ width: 64, height: 64 }) })))
  await anna?.stream(conversation, '/image a fox --raw')

  const points = readFileSync(log, 'utf8').replaceAll('~ ', '').trimEnd().split('\n')
  const made = points.findIndex((point) => point.startsWith('mkdir'))
  const image = points
    .slice(made, points.findIndex((point) => point.startsWith(endOfTurn)) + 1)
    // Not part of the order: the call leaves, its id is noted, what was streamed so far is saved.
    .filter((point) => !/set state = 'running'|set upstream_id|turn_events|after commit/.test(point))
    .map((point) => point.replace(conversation, '<conversation>').replace(/(set state = '\w+').*/, '$1'))
  expect(image).toEqual([
    'mkdir <conversation>/images',
    // New folders are synced upwards, or the power takes the folder from under its file.
    'sync conversations/<conversation>',
    `sync ${path.basename(storageDir)}/conversations`,
    `sync ${path.basename(path.dirname(storageDir))}/${path.basename(storageDir)}`,
    // The ledger knows of the call before it leaves.
    'datasync of the log',
    'write images/.tmp-…',
    'datasync images/.tmp-…',
    "commit of update generations set state = 'received'",
    'datasync of the log',
    'link images/.tmp-…',
    'sync <conversation>/images',
    'unlinkSync images/.tmp-…',
    expect.stringContaining(endOfTurn),
  ])
})
