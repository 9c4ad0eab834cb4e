import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { Problem } from '../errors.ts'
import { mostPictureBytes } from '../images/picture-sink.ts'
import { documentName, pictureName } from './conversation-file.ts'

/** The most entries of a ZIP, whatever they are, and the most that those we read may hold unpacked. */
const mostEntries = 20_000
const mostUnpackedBytes = 1024 ** 3
const mostDocumentBytes = 64 * 1024 ** 2
/** Bytes of one entry's name, and of its comment and extra fields. */
const longestName = 1024
const mostExtra = 4096

/** A checked ZIP of an exported conversation. */
export interface Archive {
  has(name: string): boolean
  /** What all files in it hold together, unpacked. */
  unpackedBytes: number
  /**
   * Unpacks one file; its size and checksum are those that the ZIP announced, else it throws.
   * @throws Problem `invalid_request`
   */
  read(name: string): AsyncGenerator<Uint8Array>
  close(): void
}

/**
 * Opens a ZIP and looks at everything in it before anything is unpacked. Only `conversation.json` and pictures
 * directly below `images/` and `attachments/` count; other files are left alone, but nothing that tries to be
 * something else is let through: names that lead out of their folder, names that come twice, symbolic links,
 * encrypted files, more than was agreed on.
 * @throws Problem `invalid_request`, `payload_too_large`
 */
export async function openArchive(file: string): Promise<Archive> {
  let zip: ZipFile
  try {
    zip = await openPromise(file, { autoClose: false, strictFileNames: true, validateEntrySizes: true })
  } catch (error) {
    throw asArchiveProblem(error)
  }
  try {
    const entries = await readEntries(zip)
    let unpackedBytes = 0
    for (const entry of entries.values()) unpackedBytes += entry.uncompressedSize
    if (unpackedBytes > mostUnpackedBytes) throw tooLarge('It unpacks to more than 1 GB.')
    return {
      has: (name) => entries.has(name),
      unpackedBytes,
      read(name) {
        const entry = entries.get(name)
        if (!entry) throw new Error(`${name} is not in the archive`)
        return unpack(zip, entry)
      },
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw asArchiveProblem(error)
  }
}

async function readEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) throw tooLarge(`It holds more than ${mostEntries} files.`)
  const names = new Set<string>()
  const ours = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    if (entry.fileNameLength > longestName || entry.extraFieldLength + entry.fileCommentLength > mostExtra) {
      throw refused('a name in it, or what is said of it, is too long')
    }
    if (names.has(name)) throw refused('it holds a file twice')
    names.add(name)
    // The upper half holds the POSIX mode where the ZIP was made on such a system.
    const kind = (entry.externalFileAttributes >>> 16) & 0o170000
    if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) throw refused('it holds a link or a device')
    if (name !== documentName && !pictureName.test(name)) continue
    if (!entry.canDecodeFileData()) throw refused('a file in it is encrypted or packed in an unusual way')
    const most = name === documentName ? mostDocumentBytes : mostPictureBytes
    if (entry.uncompressedSize > most) throw tooLarge(`A file in it is larger than ${most / 1024 ** 2} MB.`)
    ours.set(name, entry)
  }
  return ours
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  let checksum = 0
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      // A stream without an encoding gives buffers.
      const bytes = piece as Buffer
      checksum = crc32(bytes, checksum)
      yield bytes
    }
  } catch (error) {
    throw asArchiveProblem(error)
  }
  if (checksum !== entry.crc32) throw refused('a checksum is wrong')
}

function refused(what: string, cause?: unknown): Problem {
  return new Problem('invalid_request', `This is no ZIP that Easel exported: ${what}.`, {
    cause,
    details: [{ field: 'file', message: what }],
  })
}

function tooLarge(what: string): Problem {
  return new Problem('payload_too_large', `The ZIP is too large to be imported. ${what}`)
}

/** What the ZIP reader and zlib throw is the file's fault; what the system throws is not. */
function asArchiveProblem(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error) || 'syscall' in error) return error
  if (/^(?:invalid characters in fileName|absolute path|invalid relative path)/.test(error.message)) {
    return refused('a name in it leads out of its folder', error)
  }
  return refused('it is damaged, cut off, or no ZIP at all', error)
}
