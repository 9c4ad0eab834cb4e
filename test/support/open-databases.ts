import { createInterface } from 'node:readline'
import { openDatabase } from '../../server/store/database.ts'

/** A program: opens the database of each storage folder that it is told, one a line, and says how that went. */
process.stdout.write('ready\n')
for await (const storageDir of createInterface({ input: process.stdin })) {
  try {
    openDatabase(storageDir, Date.now).close()
    process.stdout.write('opened\n')
  } catch (cause) {
    process.stdout.write(`${String(cause)}\n`)
  }
}
