import { useApp } from '../app/app.ts'
import { DeleteDialog, RenameDialog } from './conversation-dialogs.tsx'
import { ImageDialog } from './image-dialog.tsx'
import { SettingsDialog } from './settings-dialog.tsx'

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
