import type { ImageRow } from '../store/images.ts'
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
   * @throws Problem `storage_full`, `bad_image`
   */
  keep(spooled: SpooledPicture): Promise<KeptPicture>
  discard(spooled: SpooledPicture): Promise<void>
  /** A copy of at most 1,024 px for models to look at; undefined when the file is gone. */
  visionCopy(image: ImageRow): Promise<InputPicture | undefined>
}
