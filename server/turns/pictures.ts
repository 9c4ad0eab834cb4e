import type { ImageRow } from '../store/image-row.ts'
import type { InputPicture, PictureSink, SpooledPicture } from '../providers/provider.ts'

/** A picture under its final name. */
export interface KeptPicture {
  /** `img_` + 16 hex digits of the SHA-256 of the PNG bytes + `.png`. */
  filename: string
  /** Relative to the storage folder. */
  path: string
  sha256: string
  width: number
  height: number
  bytes: number
}

/** Whose folder: a conversation's, or a user's for pictures that stand in no conversation. */
export type PicturePlace = { conversationId: string } | { userId: string }

/** Pictures at rest, as turns need them. */
export interface Pictures {
  /** @throws Problem `storage_full` when the disk is about to be; asked before anything is spent. */
  assertSpace(): Promise<void>
  /** Where a painter spools pictures of this conversation while they arrive. */
  sinkFor(conversationId: string): Promise<PictureSink>
  /** Where a painter spools pictures that stand in no conversation. */
  looseSinkFor(userId: string): Promise<PictureSink>
  /**
   * Moves a spooled picture to its name, never over another one, and syncs the folder. Doing it again
   * after a crash is safe.
   * @throws Problem `storage_full`; `internal_error` with the disk's error as its cause, `ENOENT` when the
   * picture is gone
   */
  keep(spooled: SpooledPicture): Promise<KeptPicture>
  discard(spooled: SpooledPicture): Promise<void>
  /**
   * The picture as it may be noted down and kept later, maybe by another process in a storage folder that
   * was moved meanwhile.
   */
  noted(spooled: SpooledPicture): SpooledPicture
  /**
   * Removes the half pictures that dead processes left in a folder.
   * @param before milliseconds since 1970; what was written later may be somebody's
   * @param needed pictures, as `noted` has them, that still wait to be kept
   */
  sweep(place: PicturePlace, before: number, needed: readonly SpooledPicture[]): Promise<void>
  /** The same in all folders. */
  sweepAll(before: number, needed: readonly SpooledPicture[]): Promise<void>
  /** Its ThumbHash, base64; undefined when the file is gone. */
  thumbhash(image: ImageRow): Promise<string | undefined>
  /** A copy of at most 1,024 px for models to look at; undefined when the file is gone. */
  visionCopy(image: ImageRow): Promise<InputPicture | undefined>
}
