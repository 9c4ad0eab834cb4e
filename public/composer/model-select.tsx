import { texts } from '../texts/texts.ts'

interface ModelSelectProps {
  label: string
  models: readonly { id: string; name: string; available: boolean }[]
  chosen: string
  onChoose: (id: string) => void
}

/** A choice among models; those without a key are named but cannot be chosen. */
export function ModelSelect({ label, models, chosen, onChoose }: ModelSelectProps) {
  return (
    <select
      class="button button--plain composer__model"
      aria-label={label}
      title={label}
      value={chosen}
      onChange={(event) => onChoose(event.currentTarget.value)}
    >
      {models.map((model) => (
        <option key={model.id} value={model.id} disabled={!model.available}>
          {model.available ? model.name : texts.composer.unavailable(model.name)}
        </option>
      ))}
    </select>
  )
}
