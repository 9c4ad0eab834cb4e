import { Download, MessageSquare, Trash2, X } from 'lucide'
import { useApp, type App } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { downloadName } from '../conversation/download-name.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { sizeInWords } from '../parts/size-in-words.ts'
import { EaselError } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'
import { mostSelected, type PictureGallery } from './picture-gallery.ts'
import { saveFile } from './save-file.ts'
import { focusTabStop } from './use-walking.ts'
import '../styles/selection-bar.css'

const words = texts.gallery

/** What can be done with the pictures that are ticked. */
export function SelectionBar({ gallery }: { gallery: PictureGallery }) {
  const app = useApp()
  const { busy, failure, run } = useAction()
  const selected = gallery.selected.value
  const ids = selected.map((image) => image.id)
  const [only] = selected
  const zip = words.zip(sizeInWords(selected.reduce((sum, image) => sum + image.bytes, 0)))
  const tooMany = selected.length > mostSelected
  const download = () =>
    run(async () => {
      const blob = await app.easel.images.export(ids)
      saveFile(blob, downloadName(new Date(app.now()).toISOString(), 'pictures', 'zip'))
    })
  return (
    <div class="selection" role="toolbar" aria-label={words.selection}>
      <strong role="status">{words.selected(selected.length)}</strong>
      {selected.length === 1 && only?.conversation_id && (
        <button
          class="button button--plain"
          type="button"
          aria-label={texts.lightbox.show}
          onClick={() => app.go(pathOf(only.conversation_id ?? undefined, only.message_id))}
        >
          <Icon of={MessageSquare} />
          <span>{texts.lightbox.show}</span>
        </button>
      )}
      <button
        class="button button--plain"
        type="button"
        aria-label={zip}
        aria-busy={busy}
        disabled={busy || tooMany}
        onClick={() => void download()}
      >
        <Icon of={Download} />
        <span>{zip}</span>
      </button>
      <button
        class="button button--plain button--danger"
        type="button"
        aria-label={words.deleteOf(selected.length)}
        disabled={tooMany}
        onClick={() => {
          removeLater(app, gallery, ids)
          focusTabStop(document)
        }}
      >
        <Icon of={Trash2} />
        <span>{words.delete}</span>
      </button>
      <IconButton
        icon={X}
        label={words.clear}
        onClick={() => {
          gallery.selectNone()
          focusTabStop(document)
        }}
      />
      {(failure ?? tooMany) && (
        <p class="hint hint--problem" role="alert">
          {failure ?? words.most(mostSelected)}
        </p>
      )}
    </div>
  )
}

/** Takes the pictures out of sight at once, and deletes them when the toast with Undo has gone. */
function removeLater(app: App, gallery: PictureGallery, ids: readonly string[]) {
  gallery.hide(ids, true)
  app.toasts.show({
    text: words.deleted(ids.length),
    action: { label: words.undo, run: () => gallery.hide(ids, false) },
    onGone: () => void remove(app, gallery, ids),
  })
}

async function remove(app: App, gallery: PictureGallery, ids: readonly string[]): Promise<void> {
  const kept: string[] = []
  // One after the other, so that five hundred do not come over the server at once.
  for (const id of ids) {
    try {
      await app.easel.images.delete(id)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      if (thrown.code !== 'not_found') kept.push(id)
    }
  }
  if (kept.length === 0) return
  gallery.hide(kept, false)
  app.toasts.show({ text: words.notDeleted(kept.length) })
}
