import { Menu as MenuIcon } from 'lucide'
import { useApp } from '../app/app.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

/** Opens the list of conversations where the window is too narrow for it to stand there. */
export function SidebarButton() {
  const app = useApp()
  return (
    <button
      class="button button--plain narrow-only button--icon"
      type="button"
      aria-label={texts.sidebar.open}
      title={texts.sidebar.open}
      aria-controls="sidebar"
      aria-expanded={app.sidebarOpen.value}
      onClick={() => (app.sidebarOpen.value = true)}
    >
      <Icon of={MenuIcon} />
    </button>
  )
}
