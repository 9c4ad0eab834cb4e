import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { findPackageJSON } from 'node:module'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

/** What `chromium.launch` of playwright-core takes to start the test browser, beside `headless`. */
export interface TestBrowser {
  executablePath: string
  env: Record<string, string | undefined>
  args: string[]
  ignoreDefaultArgs?: string[]
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `chromium.launch({ headless: true, ...inject('browser') })` */
    browser: TestBrowser
  }
}

const args = ['--no-sandbox', '--font-render-hinting=none', '--force-color-profile=srgb']

/** Runs once before all workers: sees that the browser lies unpacked and tells the tests where. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('browser', withLessWork(await findBrowser()))
}

/** Many pages are opened in short windows of time: Chromium is to do for them only what a page can notice. */
function withLessWork(browser: TestBrowser): TestBrowser {
  return {
    ...browser,
    args: [
      ...browser.args,
      // There is no graphics card; without these another program plays one.
      '--disable-gpu',
      '--disable-software-rasterizer',
    ],
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader', ...(hasSharedMemory() ? [inFiles] : [])],
  }
}

/** Puts memory that processes share into files, for containers that have hardly any; playwright says it too. */
const inFiles = '--disable-dev-shm-usage'

function hasSharedMemory(): boolean {
  if (!existsSync('/dev/shm')) return false
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize > 2 ** 30
}

/** Where the browser is; unpacks it where that has not been done. */
export async function findBrowser(): Promise<TestBrowser> {
  // The package holds a Linux x64 Chromium only; elsewhere a browser of the machine has to do.
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const executablePath = process.env['CHROME_PATH'] ?? 'CHROME_PATH (set it to run the browser tests here)'
    return { executablePath, env: { ...process.env }, args }
  }
  const folder = await unpackedChromium()
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: fontSettings(folder),
    },
    args,
  }
}

/**
 * A folder with the fontconfig file that names the unpacked fonts. The package's own names folders of the place it was
 * built for; without any font Chromium ends itself at the first `<select>`.
 */
function fontSettings(chromium: string): string {
  const fonts = path.join(chromium, 'fonts')
  const settings = path.join(chromium, 'fontconfig')
  const cache = path.join(settings, 'cache')
  mkdirSync(cache, { recursive: true })
  writeFileSync(
    path.join(settings, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  )
  return settings
}

/** The folder with Chromium, its libraries and fonts. Unpacks them the first time, which takes some seconds. */
async function unpackedChromium(): Promise<string> {
  const cache = path.resolve('node_modules/.cache')
  const folder = path.join(cache, `chromium-${packageVersion()}`)
  if (existsSync(folder)) return folder

  // Unpacked aside and renamed when whole: two runs that start together never see half a browser.
  mkdirSync(cache, { recursive: true })
  const aside = mkdtempSync(path.join(cache, 'unpacking-'))
  try {
    await unpackInto(aside)
    try {
      renameSync(aside, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error
    }
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return folder
}

async function unpackInto(folder: string): Promise<void> {
  const saved = { ...process.env }
  try {
    // The package unpacks into the temporary folder, and takes whatever `chromium` already lies there.
    process.env['TMPDIR'] = folder
    // Makes it unpack its libraries too; it looks when it is imported.
    process.env['AWS_LAMBDA_JS_RUNTIME'] = 'nodejs24.x'
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name]
    Object.assign(process.env, saved)
  }
}

function packageVersion(): string {
  const file = findPackageJSON('@sparticuz/chromium', import.meta.url)
  const version = file && /"version": "([\d.]+)"/.exec(readFileSync(file, 'utf8'))?.[1]
  if (!version) throw new Error('@sparticuz/chromium is not installed; run npm ci first.')
  return version
}
