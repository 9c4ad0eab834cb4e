import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { SecretRefused } from './accounts/session-secret.ts'
import { createApp, type App } from './app.ts'
import { systemClock } from './clock.ts'
import { ConfigError, loadConfig, type Config } from './config.ts'
import { DatabaseRefused } from './store/database.ts'

/** How long running turns may take to end after SIGTERM. */
const graceMs = 25_000
/** How long answers may take to leave once their work has ended. */
const lastAnswersMs = 2000
/** After this the process ends whatever still hangs. */
const hardStopMs = 29_000

/** Serves until SIGTERM or SIGINT: config, app, listen, drain. */
export async function serve(): Promise<void> {
  const config = await orExplain(() => loadConfig(process.env, process.cwd()))
  const log = pino(
    { level: config.logLevel, base: null, redact: { paths: ['*.headers', '*.apiKey'], remove: true } },
    pino.destination({ dest: 2, sync: true }),
  )
  const app = await orExplain(() =>
    createApp({ config, clock: systemClock, log, pageFolder: path.join(import.meta.dirname, '..', 'dist') }),
  )
  const { http } = app

  http.on('error', (cause: NodeJS.ErrnoException) => {
    fail(
      cause.code === 'EADDRINUSE'
        ? `Port ${config.port} on ${config.host} is taken. Stop what listens there, or set PORT.`
        : `Easel cannot listen on HOST ${config.host}, PORT ${config.port}: ${cause.message}`,
    )
  })
  http.listen(config.port, config.host, () => {
    announce(config, http.address(), app)
    app.begin()
  })

  let stopping = false
  const stop = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(0), hardStopMs).unref()
    http.close()
    http.closeIdleConnections()
    stopServing(app, http).then(
      () => process.exit(0),
      (cause: unknown) => {
        log.error({ err: cause }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Nothing that a client or a provider sends may stop the process.
  process.on('unhandledRejection', (cause) => log.error({ err: cause }, 'unhandled rejection'))
  process.on('uncaughtException', (cause) => log.error({ err: cause }, 'uncaught exception'))
}

/** Lets the work end, then its answers leave, before what they are made from is closed. */
async function stopServing(app: App, http: Server): Promise<void> {
  await app.drain(graceMs)
  const deadline = Date.now() + lastAnswersMs
  while (Date.now() < deadline && (await connectionsOf(http)) > 0) {
    http.closeIdleConnections()
    await wait(20)
  }
  http.closeAllConnections()
  await app.close(0)
}

function connectionsOf(http: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    http.getConnections((cause, count) => (cause ? reject(cause) : resolve(count)))
  })
}

function announce(config: Config, address: AddressInfo | string | null, app: App): void {
  const port = address !== null && typeof address === 'object' ? address.port : config.port
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const painter = app.offline
    ? 'Offline: no OPENROUTER_API_KEY is set, so the embedded painter and writer serve.'
    : `OpenRouter: pictures by ${config.defaultImageModel}, answers by ${config.defaultChatModel}.`
  const plain =
    isLoopback(config.host) || config.publicUrl?.protocol === 'https:'
      ? ''
      : '\nWarning: passwords and cookies travel unencrypted. Put a TLS proxy in front and set PUBLIC_URL to its https address.'
  process.stdout.write(`listening on http://${host}:${port}\n${painter}${plain}\n`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

async function orExplain<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const isForPeople =
      cause instanceof ConfigError || cause instanceof DatabaseRefused || cause instanceof SecretRefused
    if (isForPeople) return fail(cause.message)
    // What the operating system refuses at start, it refuses in the storage folder.
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    return fail(`Easel cannot start: ${cause.message}. See that it may read and write all in STORAGE_DIR.`)
  }
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
