import { open, unlink } from 'node:fs/promises'
import { errnoOf } from './disk-problem.ts'

/** The few verbs of an open file that spooling needs; Node's FileHandle has them. */
export interface SpoolHandle {
  write(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ bytesWritten: number }>
  datasync(): Promise<void>
  close(): Promise<void>
}

/** Makes a new file for writing; fails when it exists. */
export type OpenNew = (path: string) => Promise<SpoolHandle>

export const openNew: OpenNew = (path) => open(path, 'wx', 0o600)

/** One file that is written once, front to back. */
export interface SpoolFile {
  /** Copies the next bytes; where it answers a promise, the next ones wait for it. */
  write(bytes: Uint8Array): Promise<void> | undefined
  /** Writes what is left; nothing may follow. */
  flush(): Promise<void>
  /** Closes, with `sync` only after the data reached the disk; `flush` came before. */
  close(end: { sync: boolean }): Promise<void>
  /** Closes and removes the file; safe at any time and more than once. */
  discard(): Promise<void>
}

/**
 * Disk writes go out in pieces of this size: each one costs a trip to the thread pool, and a 2 MB picture
 * in 64 KB pieces spends more on those than on its checksums.
 */
const pieceSize = 256 * 1024
const sparePieces: Buffer[] = []
const mostSparePieces = 16

function takePiece(): Buffer {
  return sparePieces.pop() ?? Buffer.allocUnsafeSlow(pieceSize)
}
function givePiece(piece: Buffer): void {
  if (sparePieces.length < mostSparePieces) sparePieces.push(piece)
}

/**
 * Gathers bytes into large pieces and writes them to a file that is made with the first piece. While one
 * piece is being written the next is gathered; a writer that waits when it is asked to keeps it at three.
 * @param inspect sees each piece before it is written, in order; what it throws ends the writing.
 */
export function spoolFile(
  path: string,
  inspect: (piece: Uint8Array) => void,
  open: OpenNew = openNew,
): SpoolFile {
  let handle: Promise<SpoolHandle> | undefined
  let piece: Buffer | undefined
  let filled = 0
  const full: { piece: Buffer; length: number }[] = []
  let writing: Promise<void> | undefined
  let failure: { error: unknown } | undefined
  let ended = false

  function mayGoOn(): boolean {
    return failure === undefined
  }

  function throwFailure(): void {
    if (failure) throw failure.error
  }

  /** Writes the full pieces one after another; what goes wrong is kept for the next caller. */
  async function writeFull(): Promise<void> {
    try {
      handle ??= open(path)
      const file = await handle
      for (let next = full[0]; next && mayGoOn(); next = full[0]) {
        let done = 0
        while (done < next.length) {
          done += (await file.write(next.piece, done, next.length - done, null)).bytesWritten
        }
        givePiece(next.piece)
        full.shift()
      }
    } catch (error) {
      failure ??= { error }
    } finally {
      if (failure) for (const { piece } of full.splice(0)) givePiece(piece)
      writing = undefined
    }
  }

  function pieceIsFull(): void {
    if (!piece) return
    const next = { piece, length: filled }
    piece = undefined
    filled = 0
    try {
      inspect(next.piece.subarray(0, next.length))
    } catch (error) {
      givePiece(next.piece)
      failure = { error }
      throw error
    }
    full.push(next)
    writing ??= writeFull()
  }

  async function drained(): Promise<void> {
    await writing
    throwFailure()
  }

  return {
    write(bytes) {
      throwFailure()
      if (ended) throw new Error('a spooled file takes no bytes after its end')
      let at = 0
      while (at < bytes.length) {
        piece ??= takePiece()
        const length = Math.min(pieceSize - filled, bytes.length - at)
        piece.set(length === bytes.length ? bytes : bytes.subarray(at, at + length), filled)
        filled += length
        at += length
        if (filled === pieceSize) pieceIsFull()
      }
      return full.length > 1 ? drained() : undefined
    },
    async flush() {
      ended = true
      throwFailure()
      pieceIsFull()
      await drained()
    },
    async close({ sync }) {
      const file = await handle
      handle = undefined
      if (!file) return
      try {
        if (sync) await file.datasync()
      } finally {
        await file.close()
      }
    },
    async discard() {
      ended = true
      failure ??= { error: new Error('the spooled file was discarded') }
      await writing
      if (piece) givePiece(piece)
      piece = undefined
      const opened = handle
      handle = undefined
      // A file that could not be opened has nothing to close, and its error was told to the writer.
      const file = await opened?.catch(() => undefined)
      await file?.close()
      await removeIfThere(path)
    },
  }
}

/** Removes a file; one that is not there is fine. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
