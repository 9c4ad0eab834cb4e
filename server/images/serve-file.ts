import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { missingFile } from './decode-problem.ts'
import { errnoOf } from './disk-problem.ts'
import { readPieces } from './read-pieces.ts'

/** One file to answer with. */
export interface FileAnswer {
  /** Absolute path; a function where the file is only made when somebody needs its bytes. */
  file: string | (() => Promise<string>)
  mime: string
  /** The strong ETag without its quotes; it changes with the bytes. */
  etag: string
  /** `inline`, or the whole value for a download. */
  disposition: string
  /** What the file must hold, where that was recorded; other bytes are never sent. */
  recorded: { sha256: string; bytes: number } | undefined
}

export interface FileServer {
  /**
   * Answers GET and HEAD with a file, or 304 without opening it. Resolves when the answer was handed to the
   * socket or the client went away.
   * @throws Problem `not_found`, before anything was sent, when the file is missing or not what was recorded
   */
  send(req: IncomingMessage, res: ServerResponse, answer: FileAnswer): Promise<void>
}

type FoundFile = FileAnswer & { file: string }

interface Limits {
  /** How many bytes of files are kept in memory. */
  keptBytes?: number
  /** Larger files are read for each request, piece by piece. */
  largestKept?: number
}

const pieceSize = 512 * 1024
/** A reader that takes nothing for so long is cut off; it can ask again. */
const stalledMs = 30_000
const mostRemembered = 20_000

/** The browser's own page for a single picture has an inline style; nothing else may run or load. */
const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/**
 * Answers stored pictures. Small files are kept in memory while they are in use: on the way from disk to
 * socket the trips to the thread pool cost more than all the rest. A file's bytes are compared with the
 * recorded hash when it is first read, and again when it was changed on disk.
 */
export function fileServer({
  keptBytes = 64 * 1024 * 1024,
  largestKept = 4 * 1024 * 1024,
}: Limits = {}): FileServer {
  // In the order of use, the longest unused first.
  const kept = new Map<string, Buffer>()
  let keptNow = 0
  const loading = new Map<string, Promise<Buffer | undefined>>()
  const proven = new Map<string, string>()

  function take(key: string): Buffer | undefined {
    const bytes = kept.get(key)
    if (bytes) {
      kept.delete(key)
      kept.set(key, bytes)
    }
    return bytes
  }

  function keep(key: string, bytes: Buffer): void {
    if (bytes.length > keptBytes) return
    kept.set(key, bytes)
    keptNow += bytes.length
    for (const [oldest, old] of kept) {
      if (keptNow <= keptBytes) return
      kept.delete(oldest)
      keptNow -= old.length
    }
  }

  /** The whole file, or nothing when it is too large for that. */
  function load(key: string, answer: FoundFile): Promise<Buffer | undefined> {
    const underWay = loading.get(key)
    if (underWay) return underWay
    const load = readWhole(answer)
      .then((bytes) => {
        if (bytes) keep(key, bytes)
        return bytes
      })
      .finally(() => loading.delete(key))
    loading.set(key, load)
    return load
  }

  async function readWhole(answer: FoundFile): Promise<Buffer | undefined> {
    const handle = await openStored(answer.file)
    try {
      const stats = await handle.stat()
      if (answer.recorded && stats.size !== answer.recorded.bytes) throw missingFile()
      if (stats.size > largestKept) return undefined
      const bytes = Buffer.allocUnsafeSlow(stats.size)
      if ((await readFully(handle, bytes)) !== stats.size) throw missingFile()
      prove(answer, stats, () => createHash('sha256').update(bytes).digest('hex'))
      return bytes
    } finally {
      await handle.close()
    }
  }

  function prove(answer: FoundFile, stats: Stats, hash: () => string): void {
    if (!answer.recorded || isProven(answer, stats)) return
    if (hash() !== answer.recorded.sha256) throw missingFile()
    remember(answer, stats)
  }
  function isProven(answer: FoundFile, stats: Stats): boolean {
    return proven.get(`${answer.recorded?.sha256} ${answer.file}`) === mark(stats)
  }
  function remember(answer: FoundFile, stats: Stats): void {
    if (proven.size >= mostRemembered) proven.clear()
    proven.set(`${answer.recorded?.sha256} ${answer.file}`, mark(stats))
  }

  async function sendLarge(res: ServerResponse, answer: FoundFile, headers: Headers): Promise<void> {
    const handle = await openStored(answer.file)
    try {
      const stats = await handle.stat()
      if (answer.recorded && !isProven(answer, stats)) {
        const hash = createHash('sha256')
        for await (const piece of readPieces(answer.file)) hash.update(piece)
        if (hash.digest('hex') !== answer.recorded.sha256) throw missingFile()
        remember(answer, stats)
      }
      res.writeHead(200, { ...headers, 'Content-Length': stats.size })
      await sendPieces(res, handle, stats.size)
    } finally {
      await handle.close()
    }
  }

  return {
    async send(req, res, wanted) {
      const etag = `"${wanted.etag}"`
      if (isFresh(req.headers['if-none-match'], etag)) {
        res.writeHead(304, { ETag: etag, 'Cache-Control': 'private, no-cache' })
        res.end()
        return
      }
      const file = typeof wanted.file === 'string' ? wanted.file : await wanted.file()
      const answer = { ...wanted, file }
      const headers: Headers = {
        'Content-Type': answer.mime,
        ETag: etag,
        'Cache-Control': 'private, no-cache',
        'Content-Disposition': answer.disposition,
        'X-Content-Type-Options': 'nosniff',
        'Content-Security-Policy': policy,
        'Cross-Origin-Resource-Policy': 'same-origin',
      }
      if (req.method === 'HEAD') {
        const size = await sizeOf(answer)
        res.writeHead(200, { ...headers, 'Content-Length': size })
        res.end()
        return
      }
      const key = `${answer.etag} ${answer.file}`
      const bytes = take(key) ?? (await load(key, answer))
      if (res.destroyed) return
      res.setTimeout(stalledMs)
      if (!bytes) {
        await sendLarge(res, answer, headers)
        return
      }
      headers['Content-Length'] = bytes.length
      res.writeHead(200, headers)
      res.end(bytes)
    },
  }
}

type Headers = Record<string, string | number>

/** Changes whenever somebody changes or replaces the file. */
function mark(stats: Stats): string {
  return `${stats.ino} ${stats.size} ${stats.mtimeMs}`
}

/** RFC 9110, section 13.1.2: any of the listed tags, compared weakly, or `*`. */
function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

async function sizeOf(answer: FoundFile): Promise<number> {
  try {
    const { size } = await stat(answer.file)
    if (answer.recorded && size !== answer.recorded.bytes) throw missingFile()
    return size
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? missingFile(error) : error
  }
}

async function openStored(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    throw errnoOf(error) === 'ENOENT' ? missingFile(error) : error
  }
}

async function readFully(handle: FileHandle, into: Buffer): Promise<number> {
  let done = 0
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, null)
    if (bytesRead === 0) return done
    done += bytesRead
  }
  return done
}

/** Sends a file with one piece in flight; ends early, without an error, when the client is gone. */
async function sendPieces(res: ServerResponse, handle: FileHandle, size: number): Promise<void> {
  let left = size
  while (left > 0 && !res.destroyed) {
    // Node keeps a reference to what it could not send yet, so each piece needs memory of its own.
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceSize, left))
    const length = await readFully(handle, piece)
    if (length < piece.length) {
      // Cut off below us: with the length already announced, breaking the connection is the honest end.
      res.destroy()
      return
    }
    left -= length
    if (!res.write(piece)) await drained(res)
  }
  res.end()
}

/** Until the client took what was written, or went away. */
function drained(res: ServerResponse): Promise<void> {
  if (res.destroyed || !res.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    function done() {
      res.off('drain', done)
      res.off('close', done)
      resolve()
    }
    res.on('drain', done)
    res.on('close', done)
  })
}
