import { useApp } from '../app/app.ts'
import { lazy } from '../parts/lazy.tsx'

const conversationDialogs = () => import('./conversation-dialogs.tsx')
const DeleteDialog = lazy(async () => (await conversationDialogs()).DeleteDialog)
const RenameDialog = lazy(async () => (await conversationDialogs()).RenameDialog)
const ImageDialog = lazy(async () => (await import('./image-dialog.tsx')).ImageDialog)
const SettingsDialog = lazy(async () => (await import('./settings-dialog.tsx')).SettingsDialog)

/** The dialog that is open, if any. */
export function Dialogs() {
  const app = useApp()
  const open = app.dialog.value
  const close = () => {
    app.dialog.value = undefined
  }
  switch (open?.kind) {
    case undefined:
      return null
    case 'settings':
      return <SettingsDialog onClose={close} />
    case 'image':
      return <ImageDialog onClose={close} />
    case 'rename':
      return <RenameDialog id={open.id} title={open.title} onClose={close} />
    case 'delete':
      return <DeleteDialog id={open.id} title={open.title} onClose={close} />
    default:
      return open satisfies never
  }
}
