import { Menu as MenuIcon } from 'lucide'
import { useApp } from '../app/app.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { texts } from '../texts/texts.ts'

/** Opens the list of conversations where the window is too narrow for it to stand there. */
export function SidebarButton() {
  const app = useApp()
  return (
    <IconButton
      class="narrow-only"
      icon={MenuIcon}
      label={texts.sidebar.open}
      aria-controls="sidebar"
      aria-expanded={app.drawers.sidebarOpen.value}
      onClick={() => (app.drawers.sidebarOpen.value = true)}
    />
  )
}
