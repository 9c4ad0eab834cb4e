/**
 * Takes the pictures of the page: `docs/easel.webp` for the README, and every view at two widths, light and dark,
 * into `shots/`. Everything in them is made by an offline Easel in a temporary folder.
 */
import { mkdirSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { startEasel } from '../support/easel.ts'
import { findBrowser } from '../support/global-setup.ts'
import { signIn, type WindowOptions, windowOptions } from '../support/window.ts'
import { playStory, type Story } from './story.ts'
import { allPictures, picturesInSight, views } from './views.ts'

const windows: (WindowOptions & { name: string })[] = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { name: `1280-${colorScheme}`, width: 1280, height: 800, colorScheme },
  { name: `390-${colorScheme}`, width: 390, height: 844, touch: true, colorScheme },
])

let hoursBack = 0
const easel = await startEasel({ offline: true, now: () => Date.now() - hoursBack * 3_600_000 })
try {
  const browser = await chromium.launch({ headless: true, ...(await findBrowser()) })
  try {
    const story = await playStory(await easel.user('Anna'), (hoursAgo) => (hoursBack = hoursAgo))
    await allDescribed(story)
    await takeReadmePicture(browser, story)
    mkdirSync('shots', { recursive: true })
    for (const options of windows) await takeViews(browser, story, options)
  } finally {
    await browser.close()
  }
} finally {
  await easel.close()
}

async function takeReadmePicture(browser: Browser, story: Story): Promise<void> {
  const page = await open(browser, { width: 1280, height: 1080 }, 2, story)
  await page.goto(`/c/${story.mountain}`)
  await allPictures(page)
  const picture = await page.screenshot()
  const { size } = await sharp(picture).webp({ quality: 82, effort: 6 }).toFile('docs/easel.webp')
  process.stdout.write(`docs/easel.webp ${Math.round(size / 1024)} KB\n`)
  await page.context().close()
}

async function takeViews(
  browser: Browser,
  story: Story,
  { name, ...options }: WindowOptions & { name: string },
): Promise<void> {
  const someone = await open(browser, options, 1, story)
  const nobody = await open(browser, options, 1, undefined)
  for (const view of views) {
    const page = view.nobody ? nobody : someone
    await page.goto(view.at(story))
    await view.show(page)
    await picturesInSight(page)
    await page.screenshot({ path: `shots/${view.name}-${name}.png` })
  }
  await forgetOthers(story)
  process.stdout.write(`shots/*-${name}.png\n`)
  await someone.context().close()
  await nobody.context().close()
}

/** Waits for the captions, which are written after the pictures are there. */
async function allDescribed({ anna }: Story): Promise<void> {
  await soon('every picture is described', async () => {
    const { body } = await anna.get('/api/images')
    const images: { alt: string }[] = body.items
    return images.every(({ alt }) => !alt.startsWith('AI-generated picture'))
  })
}

/** Deletes what the views began, so that every window shows the same. */
async function forgetOthers({ anna, told }: Story): Promise<void> {
  const { body } = await anna.get('/api/conversations')
  const began: { id: string }[] = body.items.filter(({ id }: { id: string }) => !told.has(id))
  for (const { id } of began) {
    // Not while something is painted in it.
    await soon('a conversation is deleted', async () => {
      const { status } = await anna.delete(`/api/conversations/${id}`)
      return status === 204
    })
  }
}

async function soon(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`it did not come about within a minute that ${what}`)
}

async function open(
  browser: Browser,
  options: WindowOptions,
  deviceScaleFactor: number,
  story: Story | undefined,
): Promise<Page> {
  const context = await browser.newContext({
    ...windowOptions(options),
    baseURL: easel.url,
    deviceScaleFactor,
  })
  if (story) await signIn(context, easel.url, story.anna)
  return context.newPage()
}
