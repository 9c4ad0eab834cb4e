import { useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'
import { Sheet } from './sheet.tsx'
import { useAction } from './use-action.ts'

interface ConversationDialogProps {
  id: string
  title: string
  onClose: () => void
}

export function RenameDialog({ id, title, onClose }: ConversationDialogProps) {
  const app = useApp()
  const [name, setName] = useState(title)
  const { busy, failure, run } = useAction()
  const rename = () =>
    run(async () => {
      await app.renameConversation(id, name.trim())
      onClose()
    })
  return (
    <Sheet id="rename-dialog" title={texts.conversation.renameTitle} small onClose={onClose}>
      <form
        class="sheet__body"
        id="rename"
        onSubmit={(event) => {
          event.preventDefault()
          void rename()
        }}
      >
        <div class="field">
          <label for="new-title">{texts.conversation.renameLabel}</label>
          <input
            class="input"
            id="new-title"
            dir="auto"
            value={name}
            maxLength={200}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        {failure && (
          <Banner kind="danger" card>
            {failure}
          </Banner>
        )}
      </form>
      <footer class="sheet__foot sheet__foot--end">
        <button class="button button--plain" type="button" onClick={onClose}>
          {texts.cancel}
        </button>
        <button
          class="button button--primary"
          type="submit"
          form="rename"
          disabled={busy || name.trim() === ''}
        >
          {texts.conversation.rename}
        </button>
      </footer>
    </Sheet>
  )
}

export function DeleteDialog({ id, title, onClose }: ConversationDialogProps) {
  const app = useApp()
  const { busy, failure, run } = useAction()
  const remove = () =>
    run(async () => {
      await app.removeConversation(id)
      onClose()
    })
  return (
    <Sheet id="delete-dialog" title={texts.conversation.deleteTitle} small onClose={onClose}>
      <div class="sheet__body">
        <p dir="auto">{texts.conversation.deleteText(title)}</p>
        {failure && (
          <Banner kind="danger" card>
            {failure}
          </Banner>
        )}
      </div>
      <footer class="sheet__foot sheet__foot--end">
        <button class="button button--plain" type="button" onClick={onClose}>
          {texts.conversation.keep}
        </button>
        <button class="button button--danger" type="button" disabled={busy} onClick={() => void remove()}>
          {texts.conversation.delete}
        </button>
      </footer>
    </Sheet>
  )
}
