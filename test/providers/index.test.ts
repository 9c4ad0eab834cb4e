import { execFileSync } from 'node:child_process'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { openProvider } from '../../server/providers/index.ts'
import type { ProviderName } from '../../server/providers/provider.ts'

function open(name: ProviderName, apiKey?: string) {
  return openProvider(name, {
    config: {
      openrouter: { apiKey, baseUrl: 'http://127.0.0.1:9/v1' },
      providerTimeoutMs: 1000,
      publicUrl: undefined,
    },
    clock: { now: () => 0 },
    log: pino({ level: 'silent' }),
  })
}

describe('a provider', () => {
  it('is there without a key only when it is the offline one', async () => {
    expect(await open('offline')).toMatchObject({ name: 'offline' })
    expect(await open('openrouter')).toBeUndefined()
  })

  it('is OpenRouter with its key', async () => {
    const provider = await open('openrouter', 'sk-or-test')
    expect(provider).toMatchObject({
      name: 'openrouter',
      writer: expect.anything(),
      painter: expect.anything(),
    })
  })

  it('does not load undici before the first call, since that is a third of the start', () => {
    const program = `
      const { openProvider } = await import('./server/providers/index.ts')
      await openProvider('openrouter', {
        config: { openrouter: { apiKey: 'k', baseUrl: 'http://127.0.0.1:9' }, providerTimeoutMs: 1 },
        clock: { now: () => 0 },
        log: {},
      })
      const { createRequire } = await import('node:module')
      const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache)
      console.log(loaded.filter((file) => file.includes('undici')).length)`
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(out.trim()).toBe('0')
  })
})
