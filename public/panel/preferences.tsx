import type { Conversation, ConversationSettings } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { UnreadModels } from '../parts/unread-models.tsx'
import { ModelOptions, ShapeOptions } from '../parts/options.tsx'
import { isAspectRatio } from '../sdk/limits.ts'
import { texts } from '../texts/texts.ts'

const words = texts.panel

/** What pictures of this conversation are painted by, unless a message says otherwise. */
export function Preferences({ conversation }: { conversation: Conversation }) {
  const app = useApp()
  const { settings } = conversation
  const models = app.offers.models.value?.image ?? []
  const change = async (select: HTMLSelectElement, settings: ConversationSettings, before: string) => {
    const patched = await app.attempt(async () => {
      await app.conversations.patch(conversation.id, { settings })
      return true
    })
    // What was refused is not what counts.
    if (!patched) select.value = before
  }
  return (
    <section>
      <div class="section-head">
        <h3>{words.preferences}</h3>
      </div>
      <UnreadModels />
      <div class="field">
        <label for="panel-image-model">{words.imageModel}</label>
        <select
          class="select"
          id="panel-image-model"
          value={settings.image_model ?? ''}
          onChange={({ currentTarget: select }) =>
            void change(select, { image_model: select.value || null }, settings.image_model ?? '')
          }
        >
          <option value="">{words.usual}</option>
          <ModelOptions models={models} />
        </select>
      </div>
      <div class="field">
        <label for="panel-aspect-ratio">{words.aspectRatio}</label>
        <select
          class="select"
          id="panel-aspect-ratio"
          value={settings.aspect_ratio ?? ''}
          onChange={({ currentTarget: select }) => {
            const ratio = isAspectRatio(select.value) ? select.value : null
            void change(select, { aspect_ratio: ratio }, settings.aspect_ratio ?? '')
          }}
        >
          <option value="">{words.usual}</option>
          <ShapeOptions />
        </select>
      </div>
    </section>
  )
}
