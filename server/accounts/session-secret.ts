import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'

/** Raised at start when the kept secret cannot be used; the message says what to do. */
export class SecretRefused extends Error {
  override name = 'SecretRefused'
}

const leastBytes = 32

/**
 * The secret that signs session cookies: the operator's, or the one in `STORAGE_DIR/session-secret`, which is
 * made at the first start, readable by its owner only, and never overwritten.
 * @throws SecretRefused when the file holds less than a whole secret.
 */
export function loadSessionSecret(
  storageDir: string,
  configured: string | undefined,
  randomBytes: (size: number) => Buffer,
): string {
  if (configured !== undefined) return configured
  const file = path.join(storageDir, 'session-secret')
  if (!existsSync(file)) makeSecret(storageDir, file, randomBytes)
  const secret = readFileSync(file, 'utf8').trim()
  if (Buffer.byteLength(secret) < leastBytes) {
    throw new SecretRefused(
      `${file} holds less than ${leastBytes} bytes. Delete it to have a new one made (everybody signs in again), or set SESSION_SECRET.`,
    )
  }
  chmodSync(file, 0o600)
  return secret
}

function makeSecret(storageDir: string, file: string, randomBytes: (size: number) => Buffer): void {
  mkdirSync(storageDir, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  try {
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeSync(handle, `${randomBytes(48).toString('base64url')}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    linkUnlessThere(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  const folder = openSync(storageDir, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Unlike a rename, a link leaves alone what another process put there first; where there are no links a look must do. */
function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch {
    // Taken, or no links here; any other fault meets the rename as well.
    if (!existsSync(file)) renameSync(draft, file)
  }
}
