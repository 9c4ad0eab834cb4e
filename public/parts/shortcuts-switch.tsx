import { useApp } from '../app/app.ts'
import '../styles/switch.css'

/** Whether single keys do something. */
export function ShortcutsSwitch({ label, note }: { label: string; note: string }) {
  const { shortcuts } = useApp()
  return (
    <label class="switch">
      <span>
        {label}
        <small>{note}</small>
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={shortcuts.enabled.value}
        onChange={(event) => shortcuts.enable(event.currentTarget.checked)}
      />
    </label>
  )
}
