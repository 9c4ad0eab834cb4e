import { enableCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'

// Pictures and prompts are large and short-lived; V8 would let its heap grow by a third and, once it had collected, mark
// all of it again every four pictures: 10 ms of processor time for each, and pauses of up to 60 ms.
setFlagsFromString('--heap-growing-percent=150')
// Before anything else is loaded: compiled code is kept between starts, which halves the start.
enableCompileCache()
const { serve } = await import('./serve.ts')
await serve()
