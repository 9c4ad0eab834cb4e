import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../server/config.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

it('has the defaults that .env.example names, and no others', () => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, '.env'), readFileSync('.env.example'))
  expect(loadConfig({}, folder)).toEqual(loadConfig({}, temporaryFolder()) && { ...loadConfig({}, folder) })
  const bare = loadConfig({ STORAGE_DIR: '/s' }, temporaryFolder())
  expect(loadConfig({ STORAGE_DIR: '/s' }, folder)).toEqual(bare)
})

it('names every variable that it reads in .env.example', () => {
  const source = readFileSync('server/config.ts', 'utf8')
  const read = [...source.matchAll(/'([A-Z][A-Z_]{3,})'/g)].map((match) => match[1] ?? '')
  const prefixes = [...source.matchAll(/provider\('([A-Z]+)'/g)].flatMap(([, p]) => [
    `${p}_API_KEY`,
    `${p}_BASE_URL`,
  ])
  const example = readFileSync('.env.example', 'utf8')
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1])
  const expected = [
    ...read.filter((name) => !['OPENROUTER', 'OPENAI', 'RUNWARE', 'SECRET'].includes(name)),
    ...prefixes,
  ]
  expect(new Set(named)).toEqual(new Set(expected))
})

it('takes .env from the nearest folder upwards, and lets the environment win', () => {
  const folder = temporaryFolder()
  const inner = path.join(folder, 'a', 'b')
  mkdirSync(inner, { recursive: true })
  writeFileSync(path.join(folder, '.env'), 'PORT=4001\nLOG_LEVEL=warn\n')
  expect(loadConfig({}, inner)).toMatchObject({ port: 4001, logLevel: 'warn' })
  expect(loadConfig({ PORT: '4002' }, inner)).toMatchObject({ port: 4002, logLevel: 'warn' })
  writeFileSync(path.join(folder, 'a', '.env'), 'PORT=4003\n')
  expect(loadConfig({}, inner)).toMatchObject({ port: 4003, logLevel: 'info' })
})

it.each([
  ['PORT', '70000', /PORT got "70000"; it takes a whole number from 0 to 65535/],
  ['PORT', '80a', /PORT got "80a"/],
  ['REGISTRATION', 'maybe', /REGISTRATION got "maybe"; it takes one of invite, open, closed/],
  [
    'OPENROUTER_BASE_URL',
    'ftp://x',
    /OPENROUTER_BASE_URL got "ftp:\/\/x"; it takes an http or https address/,
  ],
  ['PROVIDER_TIMEOUT_SECONDS', '0', /PROVIDER_TIMEOUT_SECONDS got "0"/],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL got "loud"/],
  ['TRUST_PROXY', 'true', /TRUST_PROXY got "true"/],
  ['TRUST_PROXY', 'loopback, proxy.example', /TRUST_PROXY got "loopback, proxy.example"/],
  ['TRUST_PROXY', '10.0.0.0/33', /TRUST_PROXY got/],
  ['TRUST_PROXY', '-1', /TRUST_PROXY got/],
  ['PUBLIC_URL', 'https://x.example/easel', /PUBLIC_URL got .* without a path/],
  ['ALLOWED_HOSTS', 'a.example, http://b.example', /ALLOWED_HOSTS got "http:\/\/b.example"/],
])('%s=%s stops the start with one line that says what it takes', (name, value, message) => {
  expect(() => loadConfig({ [name]: value }, temporaryFolder())).toThrow(message)
})

it('takes proxies by count, name, address and range, and hosts with and without a port', () => {
  for (const [TRUST_PROXY, trustProxy] of [
    ['2', 2],
    ['loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
    ['fd00::/8', 'fd00::/8'],
  ] as const) {
    expect(loadConfig({ TRUST_PROXY }, temporaryFolder())).toMatchObject({ trustProxy })
  }
  const ALLOWED_HOSTS = 'easel.lan, easel.lan:8080, ::1, [::1]:3000'
  expect(loadConfig({ ALLOWED_HOSTS }, temporaryFolder()).allowedHosts).toHaveLength(4)
})

it('complains of everything at once, and never shows a secret', () => {
  const load = () => loadConfig({ PORT: 'x', SESSION_SECRET: 'hunter2', LOG_LEVEL: 'y' }, temporaryFolder())
  expect(load).toThrow(ConfigError)
  expect(load).toThrow(
    /^(?=[\s\S]*PORT)(?=[\s\S]*SESSION_SECRET got a value that is not shown)(?![\s\S]*hunter2)/,
  )
})
