import type { Message } from '../../server/contract/messages.ts'
import { useApp } from '../app/app.ts'
import { dayAndTime, texts, timeOfDay } from '../texts/texts.ts'

/** By which model, when, and for how much: shown with the tools of a message. */
export function Figures({ message }: { message: Message }) {
  const lists = useApp().offers.models.value
  const model = [...(lists?.chat ?? []), ...(lists?.image ?? [])].find((one) => one.id === message.model)
  const price =
    message.cost_usd && message.cost_usd >= 0.0005 ? texts.picture.price(message.cost_usd) : undefined
  const words = [model?.name ?? message.model, timeOfDay(message.created_at), price]
  return (
    <time class="figures" dateTime={message.created_at} title={dayAndTime(message.created_at)}>
      {words.filter(Boolean).join(' · ')}
    </time>
  )
}
