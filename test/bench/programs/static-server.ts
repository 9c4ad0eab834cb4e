/** express.static and nothing else, over the folder in the first argument. */
import type { AddressInfo } from 'node:net'
import express from 'express'

const app = express()
app.use(express.static(process.argv[2] ?? '.'))
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
