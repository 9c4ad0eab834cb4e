import { X } from 'lucide'
import type { Attached, Attachments } from '../app/attachments.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

/** The pictures that go with the next message, with how far they are on their way. */
export function AttachmentStrip({ attachments }: { attachments: Attachments }) {
  const items = attachments.items.value
  if (items.length === 0) return null
  return (
    <div class="attachment-strip">
      <ul class="inputs" aria-label={texts.composer.attachments}>
        {items.map((item) => (
          <Thumbnail
            key={item.key}
            item={item}
            onRemove={() => {
              attachments.remove(item)
              // The button goes with it; a phone would raise its keyboard.
              if (window.matchMedia('(pointer: fine)').matches) document.getElementById('composer')?.focus()
            }}
          />
        ))}
      </ul>
    </div>
  )
}

/** A picture that was brought along, small, with how far it is on its way. */
export function Thumbnail({ item, onRemove }: { item: Attached; onRemove: () => void }) {
  const failure = item.failure.value
  const underway = item.upload.value === undefined && failure === undefined
  return (
    <li class="inputs__item" data-failed={failure ? '' : undefined} aria-busy={underway}>
      <img
        src={item.preview}
        alt={item.name}
        title={failure ?? item.name}
        onError={() => {
          // One that was kept over a reload, and that the server has no longer.
          if (!underway) item.failure.value = texts.composer.attachmentGone
        }}
      />
      {underway && (
        // A figure of its own each time: one that grows would be a word that moves.
        <span class="inputs__progress" key={item.progress.value}>
          {texts.composer.uploading(Math.round(item.progress.value * 100))}
        </span>
      )}
      <button class="button" type="button" aria-label={texts.composer.remove(item.name)} onClick={onRemove}>
        <Icon of={X} small />
      </button>
    </li>
  )
}
