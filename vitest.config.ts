import { defineConfig } from 'vitest/config'

const page = ['test/page/**/*.test.ts', 'test/page/**/*.test.tsx']

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // So long waits only what hangs: on a busy machine everything takes many times longer, and is no fault.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // Two more than the usual two processors: much of the time a test waits for a browser or a timer.
    maxWorkers: 4,
    // Most of what a test makes is gone at once; with room for it V8 collects a tenth of the time less.
    execArgv: ['--max-semi-space-size=64'],
    projects: [
      // A page has one language and one document; its tests get a fresh one each file.
      { extends: true, test: { name: 'page', include: page } },
      // Everything else is handed in. Loading the server once a worker, not once a file, saves half of the time.
      {
        extends: true,
        test: { name: 'server', include: ['test/**/*.test.ts'], exclude: page, isolate: false },
      },
    ],
  },
})
