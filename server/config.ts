import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import path from 'node:path'
import { parseEnv } from 'node:util'

type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
export type Registration = 'invite' | 'open' | 'closed'

/** One paid service: where it is and with which key. No key means that it is not configured. */
interface ProviderConfig {
  readonly apiKey: string | undefined
  readonly baseUrl: string
}

/** Everything that the environment decides, checked once at start and frozen. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly storageDir: string
  readonly openrouter: ProviderConfig
  readonly openai: ProviderConfig
  readonly runware: ProviderConfig
  readonly defaultImageModel: string
  readonly defaultChatModel: string
  readonly cheapModel: string
  readonly providerTimeoutMs: number
  readonly sessionSecret: string | undefined
  readonly registration: Registration
  readonly publicUrl: URL | undefined
  readonly allowedHosts: readonly string[]
  /** What Express's `trust proxy` takes: a count of proxies or a list of addresses. */
  readonly trustProxy: number | string | undefined
  readonly contentFilterTerms: readonly string[]
  readonly logLevel: LogLevel
}

type Environment = Readonly<Record<string, string | undefined>>

export class ConfigError extends Error {
  override name = 'ConfigError'
}

const logLevels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const registrations: readonly Registration[] = ['invite', 'open', 'closed']

/**
 * Reads the environment; what it does not set comes from `.env` in `cwd` or, where there is none, in the
 * nearest parent folder that has one.
 * @throws ConfigError naming each bad variable, what it got and what it takes, one line each.
 */
export function loadConfig(environment: Environment, cwd: string): Config {
  const env: Environment = { ...readDotEnv(cwd), ...definedOnly(environment) }
  const faults: string[] = []

  function text(name: string): string | undefined {
    const value = env[name]?.trim()
    return value === '' ? undefined : value
  }
  function checked<T>(name: string, fallback: T, takes: string, parse: (value: string) => T | undefined): T {
    const value = text(name)
    if (value === undefined) return fallback
    const parsed = parse(value)
    if (parsed !== undefined) return parsed
    const shown =
      name.endsWith('SECRET') || name.endsWith('KEY') ? 'a value that is not shown here' : `"${value}"`
    faults.push(`${name} got ${shown}; it takes ${takes}.`)
    return fallback
  }
  function whole(name: string, fallback: number, least: number, most: number): number {
    return checked(name, fallback, `a whole number from ${least} to ${most}`, (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
      return number >= least && number <= most ? number : undefined
    })
  }
  function oneOf<T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    return checked(name, fallback, `one of ${choices.join(', ')}`, (value) =>
      choices.find((choice) => choice === value),
    )
  }
  function url(name: string): URL | undefined {
    return checked<URL | undefined>(name, undefined, 'an http or https address', httpUrl)
  }
  function origin(name: string): URL | undefined {
    const takes = 'an http or https address without a path, such as https://easel.example'
    return checked<URL | undefined>(name, undefined, takes, (value) => {
      const parsed = httpUrl(value)
      return parsed?.href === `${parsed?.origin}/` ? parsed : undefined
    })
  }
  function provider(prefix: string, baseUrl: string): ProviderConfig {
    const address = url(`${prefix}_BASE_URL`)?.href ?? baseUrl
    return Object.freeze({ apiKey: text(`${prefix}_API_KEY`), baseUrl: address.replace(/\/+$/, '') })
  }
  function hosts(name: string): readonly string[] {
    const items = list(name)
    const wrong = items.find((item) => !isHost(item))
    if (wrong !== undefined) {
      faults.push(
        `${name} got "${wrong}"; it takes host names, each with or without a port, comma-separated.`,
      )
    }
    return items
  }
  function list(name: string): readonly string[] {
    const items = (text(name) ?? '').split(',').map((item) => item.trim())
    return Object.freeze(items.filter((item) => item !== ''))
  }

  const config: Config = {
    host: text('HOST') ?? '127.0.0.1',
    port: whole('PORT', 3000, 0, 65_535),
    storageDir: path.resolve(cwd, text('STORAGE_DIR') ?? './storage'),
    openrouter: provider('OPENROUTER', 'https://openrouter.ai/api/v1'),
    openai: provider('OPENAI', 'https://api.openai.com/v1'),
    runware: provider('RUNWARE', 'https://api.runware.ai/v1'),
    defaultImageModel: text('DEFAULT_IMAGE_MODEL') ?? 'google/gemini-3.1-flash-image-preview',
    defaultChatModel: text('DEFAULT_CHAT_MODEL') ?? 'anthropic/claude-haiku-4.5',
    cheapModel: text('CHEAP_LLM') ?? 'anthropic/claude-haiku-4.5',
    providerTimeoutMs: whole('PROVIDER_TIMEOUT_SECONDS', 120, 1, 3600) * 1000,
    sessionSecret: checked<string | undefined>('SESSION_SECRET', undefined, '32 bytes or more', (value) =>
      Buffer.byteLength(value) >= 32 ? value : undefined,
    ),
    registration: oneOf('REGISTRATION', 'invite', registrations),
    publicUrl: origin('PUBLIC_URL'),
    allowedHosts: hosts('ALLOWED_HOSTS'),
    trustProxy: checked<number | string | undefined>(
      'TRUST_PROXY',
      undefined,
      'a number of proxies or a comma-separated list of their addresses',
      (value) => (/^\d+$/.test(value) ? Number(value) : value.split(',').every(isProxy) ? value : undefined),
    ),
    contentFilterTerms: list('CONTENT_FILTER_TERMS'),
    logLevel: oneOf('LOG_LEVEL', 'info', logLevels),
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return Object.freeze(config)
}

function readDotEnv(cwd: string): Environment {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = path.join(folder, '.env')
    if (existsSync(file)) return parseEnv(readFileSync(file, 'utf8'))
    if (folder === path.dirname(folder)) return {}
  }
}

function definedOnly(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined))
}

function httpUrl(value: string): URL | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed : undefined
}

/** A host as a Host header names it, with or without a port; an IPv6 address also without its brackets. */
function isHost(text: string): boolean {
  return isIP(text) === 6 || /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(:\d{1,5})?$/i.test(text)
}

/** An address, a range (`10.0.0.0/8`), or a name that Express knows for one. */
function isProxy(text: string): boolean {
  const [address = '', prefix, ...rest] = text.trim().split('/')
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text.trim())) return true
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  return /^\d{1,3}$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= (version === 4 ? 32 : 128)
}
