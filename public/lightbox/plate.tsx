import type { GeneratedImage } from '../../server/contract/images.ts'
import { sources } from '../conversation/picture.tsx'
import { placeholderOf } from '../conversation/placeholder.ts'
import { wordsOf } from '../conversation/recipe-words.ts'
import type { View } from './zoom.ts'

/** A picture as it is looked at: moved and enlarged. Another picture takes another `key`. */
export function Plate({ image, view }: { image: GeneratedImage; view: View }) {
  return (
    <img
      src={image.url}
      srcset={sources(image)}
      sizes={`${Math.round(view.scale * 100)}vw`}
      width={image.width}
      height={image.height}
      alt={image.alt || wordsOf(image)}
      draggable={false}
      style={{
        backgroundImage: placeholderOf(image.thumbhash),
        transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
      }}
    />
  )
}
