import { statSync } from 'node:fs'
import path from 'node:path'
import { takeOwnerLock } from '../../server/store/owner-lock.ts'

/**
 * A program: takes and releases its owner lock on a storage folder many times over, as if it were started so
 * often, and looks around and sweeps in between, as a server does at its start. Another one may do the same
 * meanwhile. Prints how often its own lock was lost, which must be never.
 *
 * node take-owner-locks.ts <storage folder> <name> <rounds>
 */
const [storageDir = '', name = '', rounds = ''] = process.argv.slice(2)
let lost = 0
for (let round = 0; round < Number(rounds); round += 1) {
  const id = `${name}-${round}`
  const lock = takeOwnerLock(storageDir, id)
  const file = path.join(storageDir, 'owners', `${id}.lock`)
  const taken = statSync(file, { throwIfNoEntry: false })?.ino
  lock.livingSince()
  lock.sweep()
  const kept = statSync(file, { throwIfNoEntry: false })?.ino
  if (taken === undefined || kept !== taken) lost += 1
  lock.release()
}
process.stdout.write(`${lost}`)
