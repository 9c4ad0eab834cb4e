import type { Browser, Page } from 'playwright-core'
import { writeAnswer } from '../answer-text.ts'
import { openMetered, speedOf, startBrowser, type MeteredPage } from '../browser.ts'
import type { Child } from '../child.ts'
import { interactionToNextPaint, type Frames, type Meters } from '../page-meters.ts'
import type { Measure, Row } from '../row.ts'
import type { SeededConversation } from '../seed.ts'
import { figure, median, quantile, spread } from '../statistics.ts'
import { longestLength } from '../world.ts'

/** How many times slower the processor of the page is made. */
const slower = 4
/** Over 60 kB of Markdown, some 5 kB a second: ten times what models write. */
const words = 11_500
const paceMs = 5
const question = `Tell me all of it. words=${words} pace=${paceMs}`

interface Scene {
  browser: Browser
  easel: Child
  /** Sums the layout shifts of every page that was opened. */
  shifts: Meters['shifts']
}

/** The page in a real browser, by the browser's own APIs. */
export const page: Measure = {
  name: 'page',
  async run(bench) {
    const { world, quick } = bench
    const easel = await world.startEasel()
    const browser = await startBrowser(world.cores)
    const scene: Scene = { browser, easel, shifts: [] }
    const usual = world.conversations.usual.slice(-3)
    const [longest] = world.conversations.longest
    const [first, second, third] = usual
    if (!first || !second || !third || !longest) throw new Error('nothing was seeded')
    const rounds = quick ? 2 : 7
    try {
      // The browser's own first page is slow.
      await firstPaint(scene, 'sign-in', undefined, 1)
      return [
        ...(await firstPaint(scene, 'a conversation', first, rounds)),
        ...(await firstPaint(scene, 'sign-in', undefined, rounds)),
        ...(await newestPage(scene, longest, rounds, 1)),
        ...(await newestPage(scene, longest, rounds, slower)),
        await frames(scene, second),
        await interactions(scene, third),
        layoutShift(scene),
      ]
    } finally {
      await browser.close()
      await easel.stop()
    }
  },
}

/** What was drawn has been counted by then. */
const twoFrames =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))'

async function firstPaint(
  scene: Scene,
  what: string,
  conversation: SeededConversation | undefined,
  rounds: number,
): Promise<Row[]> {
  const at = conversation ? { path: `/c/${conversation.id}`, user: conversation.user } : { path: '/sign-in' }
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const opened = await openMetered(scene.browser, scene.easel, { ...at, slower })
    await opened.page
      .locator(conversation ? '#chatView article' : 'input[type=password]')
      .last()
      .waitFor()
    await opened.page.evaluate(twoFrames)
    times.push((await finish(scene, opened)).firstContentfulPaintMs)
  }
  return [
    {
      measure: `first contentful paint of ${what}, nothing cached, processor ${slower} times slower`,
      figures: `${spread(times)} ms, ${figure(Math.max(...times))} at most`,
      result: `${figure(median(times))} ms`,
      reach: '< 1 s',
      ok: median(times) < 1000,
    },
  ]
}

async function newestPage(
  scene: Scene,
  { id, user }: SeededConversation,
  rounds: number,
  slower: number,
): Promise<Row[]> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const opened = await openMetered(scene.browser, scene.easel, { path: `/c/${id}`, user, slower })
    await opened.page.locator('#chatView article').last().waitFor()
    await opened.page.evaluate(twoFrames)
    times.push((await finish(scene, opened)).newestMs ?? Number.NaN)
  }
  return [
    {
      measure: `opening a conversation of ${longestLength} messages, until the newest are drawn, nothing cached${slower > 1 ? `, processor ${slower} times slower` : ''}`,
      figures: `${spread(times)} ms, ${figure(Math.max(...times))} at most`,
      result: `${figure(median(times))} ms`,
      reach: '< 1 s for 10,000',
      ok: median(times) < 1000,
    },
  ]
}

/** Frames while the answer streams, at the machine's own speed. */
async function frames(scene: Scene, { id, user }: SeededConversation): Promise<Row> {
  const opened = await openMetered(scene.browser, scene.easel, { path: `/c/${id}`, user })
  await begin(opened.page)
  const { intervals, long } = await opened.during(() => ended(opened.page))
  await finish(scene, opened)
  return {
    measure: `frames while ${words} words (${kilobytes()}) stream in ${seconds({ intervals })} s`,
    figures: sayFrames({ intervals, long }),
    result: `median ${figure(median(intervals))}, 95 % within ${figure(quantile(intervals, 0.95))} ms`,
    reach: '60 a second: 95 % within 17.5 ms',
    ok: quantile(intervals, 0.95) <= 17.5,
  }
}

/** Somebody types, opens menus and scrolls while the answer streams, on a slow machine. */
async function interactions(scene: Scene, { id, user }: SeededConversation): Promise<Row> {
  const opened = await openMetered(scene.browser, scene.easel, { path: `/c/${id}`, user, slower })
  const { page } = opened
  const slow = await speedOf(page)
  await begin(page)
  const seen = await opened.during(async () => {
    while (await isRunning(page)) await fidget(page)
  })
  const meters = await finish(scene, opened)
  const inp = interactionToNextPaint(meters)
  const worst = meters.interactions
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, 3)
    .map(
      ({ name, durationMs, delayMs, workMs }) =>
        `${name} ${durationMs} ms (${figure(delayMs)} before, ${figure(workMs)} work)`,
    )
  return {
    measure: `interaction to next paint while ${kilobytes()} stream, processor ${slower} times slower`,
    figures: `${meters.interactionCount} interactions; worst: ${worst.join(', ') || 'none over 16 ms'}; frames: ${sayFrames(seen)}; fixed work ${figure(slow)} ms`,
    result: `${figure(inp)} ms`,
    reach: '< 200 ms',
    ok: inp < 200,
  }
}

/** What people do while they wait: write ahead, look for a command, read back, look for another conversation. */
async function fidget(page: Page): Promise<void> {
  const composer = page.locator('#composer')
  await composer.click()
  await page.keyboard.type('And then, when the ', { delay: 60 })
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('/im', { delay: 120 })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await page.mouse.move(600, 300)
  for (let turn = 0; turn < 4; turn += 1) await page.mouse.wheel(0, -240)
  await page.locator('.jump button').click()
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('light', { delay: 60 })
  await page.keyboard.press('Escape')
}

async function begin(page: Page): Promise<void> {
  await page.locator('#composer').fill(question)
  await page.locator('#composer').press('Enter')
  await page.locator('#chatView article[data-state=streaming] .prose p').first().waitFor()
}

const isRunning = async (page: Page) =>
  (await page.locator('#chatView article[data-state=streaming]').count()) > 0

async function ended(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: 'Stop', exact: true })
    .waitFor({ state: 'detached', timeout: 60_000 })
}

async function finish(scene: Scene, opened: MeteredPage): Promise<Meters> {
  const meters = await opened.meters()
  scene.shifts.push(...meters.shifts)
  await opened.close()
  return meters
}

function layoutShift({ shifts }: Scene): Row {
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  return {
    measure: 'layout shift over all of this',
    figures: shifts
      .flatMap(({ moved }) => moved)
      .slice(0, 6)
      .join('; '),
    result: figure(sum),
    reach: '0',
    ok: sum === 0,
  }
}

function sayFrames({ intervals, long }: Frames): string {
  const places = [0.5, 0.95, 0.99].map((share) => figure(quantile(intervals, share)))
  const longest = figure(Math.max(...intervals))
  return `p50 ${places[0]}, p95 ${places[1]}, p99 ${places[2]}, longest ${longest} ms; ${long.length} over 50 ms`
}

const seconds = ({ intervals }: Pick<Frames, 'intervals'>) =>
  figure(intervals.reduce((sum, interval) => sum + interval, 0) / 1000)

const kilobytes = () => `${figure(writeAnswer(words).length / 1000)} kB`
