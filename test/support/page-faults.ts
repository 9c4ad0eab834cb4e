import type { BrowserContext } from 'playwright-core'

/**
 * Everything that no page of Easel may do: complain on the console, throw, break its content security policy, ask
 * another origin, get a refusal. The list grows while the window lives; what `allow` matches is left out.
 */
export async function watchForFaults(
  context: BrowserContext,
  url: string,
  allow: readonly RegExp[],
): Promise<readonly string[]> {
  const faults: string[] = []
  const { origin } = new URL(url)
  const report = (fault: string) => {
    if (!allow.some((pattern) => pattern.test(fault))) faults.push(fault)
  }
  const short = (address: string) => (address.startsWith(origin) ? address.slice(origin.length) : address)

  // Runs before every page's own scripts; the violation reaches the list through the console.
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) => {
    console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI)
  })`)
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    // The answer itself is reported below, with its status.
    if (message.text().startsWith('Failed to load resource')) return
    // Chromium's note on every sandboxed page of its own, a picture in a tab: such a page shares nothing anyway.
    if (/could not be origin-keyed/.test(message.text())) return
    report(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => report(`thrown: ${error.error().message}`))
  context.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    const inside = ['blob:', 'data:', 'about:'].includes(protocol)
    if (!inside && asked !== origin) report(`asked outside: ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400) {
      report(`${response.request().method()} ${short(response.url())} ${response.status()}`)
    }
  })
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // The page leaves a stream, or goes to another address.
    if (why === 'net::ERR_ABORTED') return
    report(`${request.method()} ${short(request.url())} ${why}`)
  })
  return faults
}
