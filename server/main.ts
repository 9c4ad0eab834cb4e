import { enableCompileCache } from 'node:module'

// Before anything else is loaded: compiled code is kept between starts, which halves the start.
enableCompileCache()
const { serve } = await import('./serve.ts')
await serve()
