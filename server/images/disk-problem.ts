import { Problem } from '../errors.ts'

/** The error's code (`ENOENT`, `ENOSPC`, …), where it is one of the operating system's. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Turns what a write to disk threw into words for people; the path stays in the log. */
export function asDiskProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = errnoOf(error)
  // libvips writes files itself and tells only in words.
  const told = error instanceof Error && /no space left|disk quota/i.test(error.message)
  if (code === 'ENOSPC' || code === 'EDQUOT' || told) return storageFull(error)
  return new Problem('internal_error', 'The picture could not be written to disk. Try again.', {
    cause: error,
  })
}

export function storageFull(cause?: unknown): Problem {
  return new Problem(
    'storage_full',
    'The disk is full, so no picture can be kept. Delete some, or ask the administrator for space.',
    cause === undefined ? {} : { cause },
  )
}
