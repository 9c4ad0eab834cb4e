import { createHash } from 'node:crypto'
import { closeSync, fstatSync, open, read, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { missingFile } from './decode-problem.ts'
import { errnoOf } from './disk-problem.ts'
import { readPieces } from './read-pieces.ts'

/** One file to answer with. */
interface FileAnswer {
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

type FoundFile = FileAnswer & { file: string }
type Headers = Record<string, string | number>

export interface FileServer {
  /**
   * Answers GET and HEAD with a file, or 304 without opening it. Resolves when the last bytes were handed to
   * the connection, or the client went away.
   * @throws Problem `not_found`, before anything was sent, when the file is missing or not what was recorded
   */
  send(req: IncomingMessage, res: ServerResponse, answer: FileAnswer): Promise<void>
}

/** Pictures of the usual size go in one piece: each one more costs a trip to the thread pool. */
const largePiece = 2 * 1024 * 1024
/** Previews and other files up to this size stay in memory while they are in use. */
const smallPiece = 256 * 1024
const mostKeptBytes = 32 * 1024 * 1024
/** A reader that takes nothing for so long is cut off; it can ask again. */
const stalledMs = 30_000
const mostProven = 20_000

/** The browser's own page for a single picture has an inline style; nothing else may run or load. */
const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/**
 * Memory that is used again and again: fresh memory of this size costs more than reading the file, in page
 * faults and in collections that it provokes.
 */
function pieceStock(size: number, mostSpare: number) {
  const spare: Buffer[] = []
  return {
    take: (): Buffer => spare.pop() ?? Buffer.allocUnsafeSlow(size),
    give(piece: Buffer): void {
      if (spare.length < mostSpare) spare.push(piece)
    },
  }
}

/** Bytes by their ETag; the longest unused go first. */
function recentlyUsed(mostBytes: number) {
  // A Map tells its keys in the order they were set.
  const kept = new Map<string, Buffer>()
  let bytes = 0
  return {
    take(etag: string): Buffer | undefined {
      const found = kept.get(etag)
      if (found) {
        kept.delete(etag)
        kept.set(etag, found)
      }
      return found
    },
    keep(etag: string, content: Buffer): void {
      if (kept.has(etag)) return
      kept.set(etag, content)
      bytes += content.length
      for (const [oldest, old] of kept) {
        if (bytes <= mostBytes) return
        kept.delete(oldest)
        bytes -= old.length
      }
    },
  }
}

/**
 * Answers stored pictures. Of small files the trips to the thread pool are what costs, so they are kept in
 * memory; large ones are read each time, which is cheap into memory that is used again. A file's bytes are compared with the recorded hash when it is first read, and
 * again when it was changed on disk since.
 */
export function fileServer(): FileServer {
  const large = pieceStock(largePiece, 8)
  const small = pieceStock(smallPiece, 16)
  const recent = recentlyUsed(mostKeptBytes)
  const proven = new Map<string, string>()

  /** @throws Problem `not_found` when the file cannot hold what was recorded */
  async function prove(answer: FoundFile, stats: Stats, whole: Buffer | undefined): Promise<void> {
    const { recorded, file } = answer
    if (!recorded || proven.get(file) === markOf(stats, recorded.sha256)) return
    const hash = createHash('sha256')
    if (whole) hash.update(whole)
    else for await (const piece of readPieces(file)) hash.update(piece)
    if (hash.digest('hex') !== recorded.sha256) throw missingFile()
    if (proven.size >= mostProven) proven.clear()
    proven.set(file, markOf(stats, recorded.sha256))
  }

  async function sendFile(
    req: IncomingMessage,
    res: ServerResponse,
    answer: FoundFile,
    etag: string,
  ): Promise<void> {
    const stock = (answer.recorded?.bytes ?? 0) > smallPiece ? large : small
    const fd = await openStored(answer.file)
    const piece = stock.take()
    let isOurs = true
    try {
      // Of an open file, so it does not wait for the disk.
      const stats = fstatSync(fd)
      if (answer.recorded && stats.size !== answer.recorded.bytes) throw missingFile()
      let length = await readFully(fd, piece, stats.size)
      await prove(answer, stats, length === stats.size ? piece.subarray(0, length) : undefined)
      if (stats.size <= smallPiece) recent.keep(answer.etag, Buffer.from(piece.subarray(0, length)))
      if (req.socket.destroyed) return
      res.setTimeout(stalledMs)
      res.writeHead(200, { ...headersOf(answer, etag), 'Content-Length': stats.size })
      for (let left = stats.size; left > 0;) {
        left -= length
        isOurs = false
        const taken = written(req, res, piece.subarray(0, length))
        if (left === 0) res.end()
        isOurs = await taken
        if (!isOurs || left === 0) return
        length = await readFully(fd, piece, left)
        // Cut off below us: with the length already announced, breaking the connection is the honest end.
        if (length === 0) {
          res.destroy()
          return
        }
      }
      res.end()
    } finally {
      if (isOurs) stock.give(piece)
      closeSync(fd)
    }
  }

  return {
    async send(req, res, wanted) {
      const etag = `"${wanted.etag}"`
      if (isFresh(req.headers['if-none-match'], etag)) {
        // The policy too: a browser takes over a 304's headers, and the one for JSON would break its picture page.
        res.writeHead(304, {
          ETag: etag,
          'Cache-Control': 'private, no-cache',
          'Content-Security-Policy': policy,
        })
        res.end()
        return
      }
      const kept = req.method === 'GET' ? recent.take(wanted.etag) : undefined
      if (kept) {
        res.setTimeout(stalledMs)
        res.writeHead(200, { ...headersOf(wanted, etag), 'Content-Length': kept.length })
        res.end(kept)
        return
      }
      const file = typeof wanted.file === 'string' ? wanted.file : await wanted.file()
      const answer = { ...wanted, file }
      if (req.method === 'HEAD') {
        res.writeHead(200, { ...headersOf(answer, etag), 'Content-Length': await sizeOf(answer) })
        res.end()
        return
      }
      await sendFile(req, res, answer, etag)
    },
  }
}

function headersOf({ mime, disposition }: FileAnswer, etag: string): Headers {
  return {
    'Content-Type': mime,
    ETag: etag,
    'Cache-Control': 'private, no-cache',
    'Content-Disposition': disposition,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': policy,
    'Cross-Origin-Resource-Policy': 'same-origin',
  }
}

/** Changes whenever somebody changes or replaces the file. */
function markOf(stats: Stats, sha256: string): string {
  return `${sha256} ${stats.ino} ${stats.size} ${stats.mtimeMs}`
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

// The callback forms of open and read: a FileHandle and its promises cost as much again as the reading.
function openStored(file: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(file, 'r', (error, fd) => {
      if (error) reject(error.code === 'ENOENT' ? missingFile(error) : error)
      else resolve(fd)
    })
  })
}

/** Fills the buffer with the file's next bytes, at most `wanted`; answers how many there were. */
async function readFully(fd: number, into: Buffer, wanted: number): Promise<number> {
  const most = Math.min(wanted, into.length)
  let done = 0
  while (done < most) {
    const length = await readSome(fd, into, done, most - done)
    if (length === 0) return done
    done += length
  }
  return done
}

function readSome(fd: number, into: Buffer, offset: number, length: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, into, offset, length, null, (error, bytesRead) => {
      if (error) reject(error)
      else resolve(bytesRead)
    })
  })
}

/**
 * True once the kernel has taken the bytes, so that their memory is free again; false when the client is gone.
 * It listens to the connection, since an answer that waits behind another one never hears of its end.
 */
function written(req: IncomingMessage, res: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false)
    req.socket.once('close', gone)
    res.write(bytes, (error) => {
      req.socket.off('close', gone)
      resolve(!error)
    })
  })
}
