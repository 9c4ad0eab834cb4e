import { Check, Download, MessageSquarePlus, Trash2 } from 'lucide'
import { useApp } from '../app/app.ts'
import { studioOf, type StudioPicture, type StudioResult } from '../app/image-studio.ts'
import { pathOf } from '../app/router.ts'
import { downloadName } from '../conversation/download-name.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Banner } from '../parts/banner.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

const words = texts.imageDialog

interface ResultPictureProps {
  picture: StudioPicture
  result: StudioResult
  onClose: () => void
  /** Given where it is the only one. */
  onClear: (() => void) | undefined
}

/** A picture that was painted, and what can be done with it. */
export function ResultPicture({ picture, result, onClose, onClear }: ResultPictureProps) {
  const app = useApp()
  const studio = studioOf(app)
  const { busy, failure, run } = useAction()
  const openId = app.open.value.id.value
  const keep = () => run(() => studio.keep(picture))
  const insert = () =>
    run(async () => {
      const open = app.open.peek()
      const id = open.id.peek() ?? (await app.easel.conversations.create({})).id
      await studio.insert(picture, id)
      onClose()
      void app.list.read()
      if (open.id.peek() === id) await open.read()
      app.go(pathOf(id))
    })
  return (
    <div class="studio-picture">
      <figure class="picture" data-state="finished">
        <a
          class="image-gen-picture"
          // A blob: would be a page of its own under this page's policy, and complain of its own styles.
          href={picture.id === undefined ? picture.url : app.easel.images.fileUrl(picture.id)}
          target="_blank"
          title={words.open}
        >
          <img
            src={picture.url}
            width={picture.width}
            height={picture.height}
            alt={words.alt(result.refinedPrompts[0] ?? result.prompt)}
          />
        </a>
      </figure>
      <div class="picture-dialog__do">
        {picture.id !== undefined && (
          <>
            <button
              class="button button--primary"
              type="button"
              disabled={busy || picture.place === 'conversation'}
              onClick={() => void insert()}
            >
              <Icon of={picture.place === 'conversation' ? Check : MessageSquarePlus} />
              {picture.place === 'conversation'
                ? words.inserted
                : openId === undefined
                  ? words.insertNew
                  : words.insert}
            </button>
            {picture.place !== 'conversation' && (
              <button
                class="button"
                type="button"
                aria-disabled={busy || picture.place === 'gallery'}
                onClick={() => {
                  if (!busy && picture.place !== 'gallery') void keep()
                }}
              >
                {picture.place === 'gallery' && <Icon of={Check} />}
                {picture.place === 'gallery' ? words.kept : words.keep}
              </button>
            )}
          </>
        )}
        <a
          class="button button--icon"
          href={picture.url}
          aria-label={words.download}
          title={words.download}
          download={downloadName(result.madeAt, result.prompt, picture.extension)}
        >
          <Icon of={Download} />
        </a>
        {onClear && <IconButton framed icon={Trash2} label={words.clear} onClick={onClear} />}
      </div>
      {failure && <Banner kind="danger">{failure}</Banner>}
    </div>
  )
}
