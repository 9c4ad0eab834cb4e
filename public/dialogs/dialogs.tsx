import { useApp } from '../app/app.ts'
import { lazy } from '../parts/lazy.tsx'

const FindDialog = lazy(async () => (await import('../find/find-dialog.tsx')).FindDialog)
const ImageDialog = lazy(async () => (await import('./image-dialog.tsx')).ImageDialog)
const SettingsDialog = lazy(async () => (await import('./settings-dialog.tsx')).SettingsDialog)
const ShortcutsDialog = lazy(async () => (await import('./shortcuts-dialog.tsx')).ShortcutsDialog)

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
    case 'find':
      return <FindDialog onClose={close} />
    case 'shortcuts':
      return <ShortcutsDialog onClose={close} />
    default:
      return open satisfies never
  }
}
