import type { Page } from 'playwright-core'
import type { Story } from './story.ts'

/** One view of the page: a name for the file, where it is, and the way there from anywhere. */
export interface View {
  name: string
  /** Nobody is signed in. */
  nobody?: boolean
  /** The path of its address. */
  at: (story: Story) => string
  /** What is done on the page at that address; ends when the view can be seen. */
  show: (page: Page) => Promise<void>
}

export const views: readonly View[] = [
  {
    name: '01-sign-in',
    nobody: true,
    at: () => '/sign-in',
    async show(page) {
      await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    },
  },
  {
    name: '02-empty',
    at: () => '/',
    async show(page) {
      await page.locator('.empty:not([data-waiting])').waitFor()
    },
  },
  {
    name: '03-conversation',
    at: ({ lighthouse }) => `/c/${lighthouse}`,
    async show(page) {
      await allPictures(page)
      await page.evaluate('window.scrollTo(0, 0)')
    },
  },
  {
    name: '04-conversation-end',
    at: ({ lighthouse }) => `/c/${lighthouse}`,
    async show(page) {
      await allPictures(page)
    },
  },
  {
    name: '06-palette',
    at: ({ mountain }) => `/c/${mountain}`,
    async show(page) {
      await allPictures(page)
      await composer(page).fill('/')
      await page.getByRole('listbox', { name: 'Commands' }).waitFor()
    },
  },
  {
    name: '07-mistake',
    at: ({ mountain }) => `/c/${mountain}`,
    async show(page) {
      await allPictures(page)
      await composer(page).fill('/image the same valley in winter --aspect 7:5')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.locator('.dock').getByRole('alert').waitFor()
    },
  },
  {
    name: '08-image-dialog',
    at: ({ mountain }) => `/c/${mountain}`,
    async show(page) {
      await composer(page).fill('')
      await fromSidebar(page, 'Make a picture…')
      await page.getByLabel('What should it show?').fill('three pears in a bowl by a window, oil painting')
      await page.getByLabel('Shape', { exact: true }).selectOption('3:2')
      await page.getByRole('button', { name: 'Generate' }).click()
      await page.locator('#image-gen-modal img[src^="blob:"]').waitFor()
      await page.locator('#image-gen-modal .refined-prompt').waitFor()
    },
  },
  {
    name: '09-settings',
    at: () => '/',
    async show(page) {
      await fromSidebar(page, 'Settings')
      await page.getByRole('button', { name: 'Make an invitation' }).click()
      await page.getByLabel('Invitation').waitFor()
    },
  },
  {
    name: '10-search',
    at: ({ mountain }) => `/c/${mountain}`,
    async show(page) {
      await allPictures(page)
      await openSidebar(page)
      await page.getByRole('searchbox').fill('sea')
      await page.locator('.conversations mark').first().waitFor()
      await page.locator('.conversations img').first().waitFor()
    },
  },
  {
    name: '11-gallery',
    at: () => '/gallery',
    async show(page) {
      await page.locator('.wall img').first().waitFor()
      for (const place of [2, 4]) await page.locator('.wall input').nth(place).check()
      await page.locator('.selection').waitFor()
    },
  },
  {
    name: '12-lightbox',
    at: ({ lighthouse }) => `/c/${lighthouse}`,
    async show(page) {
      await allPictures(page)
      await page.locator('a.picture__frame').first().focus()
      await page.keyboard.press(' ')
      await page.locator('.lightbox__stage img').first().waitFor()
      await page.keyboard.press('i')
      await page.locator('.details:not([aria-busy=true])').waitFor()
    },
  },
  // After those that show all pictures: what it paints is one of them.
  {
    name: '05-painting',
    at: () => '/',
    async show(page) {
      await composer(page).fill('/image a storm over a harbour, oil painting --aspect 16:9 --n 4')
      await composer(page).press('Enter')
      const painting = page.locator('.picture[data-state=painting]')
      await painting.or(page.locator('.generated-image-wrapper')).first().waitFor()
    },
  },
  // The last one: a panel stays open.
  {
    name: '13-panel',
    at: ({ fox }) => `/c/${fox}`,
    async show(page) {
      await allPictures(page)
      await page.getByRole('button', { name: 'About this conversation' }).click()
      await page.locator('#panel .contact-sheet img').nth(2).waitFor()
      // Where the mouse pressed, something else is now.
      await page.mouse.move(0, 0)
    },
  },
]

/** Waits until the conversation's pictures are there and every one in sight is drawn. */
export async function allPictures(page: Page): Promise<void> {
  await page.locator('#chatView .generated-image-wrapper img').first().waitFor()
  // Its tools, and what the model looks at, are fetched when the first picture is there.
  await page.locator('#chatView .star-button').first().waitFor({ state: 'attached' })
  await page.locator('.sees').waitFor({ state: 'attached' })
  await picturesInSight(page)
}

/** Waits until every picture in sight is drawn; one that is scrolled away within its list is not fetched at all. */
export async function picturesInSight(page: Page): Promise<void> {
  await page.evaluate(`Promise.all([...document.images]
    .filter((image) => {
      const { left, right, top, bottom } = image.getBoundingClientRect()
      const x = (Math.max(0, left) + Math.min(window.innerWidth, right)) / 2
      const y = (Math.max(0, top) + Math.min(window.innerHeight, bottom)) / 2
      return document.elementsFromPoint(x, y).includes(image)
    })
    .map((image) => image.decode()))`)
}

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })

/** The list of conversations is a drawer on a phone. */
async function openSidebar(page: Page): Promise<void> {
  await page.locator('#sidebar').waitFor({ state: 'attached' })
  const opener = page.getByRole('button', { name: 'Conversations', exact: true })
  if (await opener.isVisible()) await opener.click()
}

async function fromSidebar(page: Page, name: string): Promise<void> {
  await openSidebar(page)
  await page.getByRole('button', { name, exact: true }).click()
}
