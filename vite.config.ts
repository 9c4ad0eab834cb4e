import { defineConfig } from 'vite'

export default defineConfig({
  root: 'public',
  publicDir: false,
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // A request costs more than the bytes of what is not needed yet: the first view is one script, and what
            // several later views have in common is another.
            { name: 'first', tags: ['$initial'] },
            { name: 'often', test: /lucide|\.ts$/, minShareCount: 2, maxModuleSize: 3000 },
          ],
        },
      },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
})
