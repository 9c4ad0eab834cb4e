import { useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { UnreadModels } from '../parts/unread-models.tsx'
import { ModelOptions } from '../parts/options.tsx'
import { texts } from '../texts/texts.ts'

const words = texts.settings

/** The models that are used unless another is chosen; kept in this browser. */
export function ModelsSection() {
  const app = useApp()
  const models = app.offers.models.value
  if (!models) return <UnreadModels />
  const refine = models.chat.find((model) => model.id === models.refine)?.name ?? models.refine
  return (
    <>
      {models.offline && (
        <p>
          {words.offline} <span class="quiet">{texts.offline.more}</span>
        </p>
      )}
      <ModelChoice name="chat-model" label={words.chatModel} models={models.chat} />
      <ModelChoice name="image-model" label={words.imageModel} models={models.image} />
      <p class="quiet">
        {words.modelsText} {words.refine(refine)}
      </p>
    </>
  )
}

interface ModelChoiceProps {
  /** Under which it is remembered. */
  name: 'chat-model' | 'image-model'
  label: string
  models: readonly { id: string; name: string; available: boolean; default: boolean }[]
}

function ModelChoice({ name, label, models }: ModelChoiceProps) {
  const app = useApp()
  const [chosen, setChosen] = useState(app.remembered.read(name) ?? '')
  const usual = models.find((model) => model.default)
  const known = models.some((model) => model.id === chosen)
  const choose = (id: string) => {
    setChosen(id)
    if (id === '') app.remembered.forget(name)
    else app.remembered.keep(name, id)
  }
  return (
    <div class="field">
      <label for={`settings-${name}`}>{label}</label>
      <select
        class="select"
        id={`settings-${name}`}
        value={known ? chosen : ''}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{words.usual(usual?.name ?? '–')}</option>
        <ModelOptions models={models} />
      </select>
    </div>
  )
}
