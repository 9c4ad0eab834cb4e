import type { GeneratedImage } from '../../server/contract/images.ts'
import { texts } from '../texts/texts.ts'
import { DownloadLink } from './picture.tsx'

/** A picture among words, or one of which no more than its address is known. */
export function InlinePicture({
  href,
  alt,
  image,
}: {
  href: string
  alt: string
  image: GeneratedImage | undefined
}) {
  return (
    <span class="picture picture--inline generated-image-wrapper">
      <a href={href} target="_blank" rel="noopener noreferrer">
        <img
          src={href}
          alt={image?.alt || alt || texts.picture.generated}
          width={image?.width}
          height={image?.height}
          decoding="async"
        />
      </a>
      {image ? (
        <DownloadLink image={image} name={texts.picture.unnumbered} />
      ) : (
        <a class="button generated-image-download-btn" href={`${href}?download=1`} download>
          {texts.picture.download}
        </a>
      )}
    </span>
  )
}
