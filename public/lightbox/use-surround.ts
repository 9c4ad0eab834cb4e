import { useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'

const surrounds = ['dark', 'grey', 'white'] as const
export type Surround = (typeof surrounds)[number]

/** What a picture is looked at before; the choice is kept in this browser. */
export function useSurround(): { surround: Surround; next: Surround; turn: () => void } {
  const app = useApp()
  const [surround, setSurround] = useState(
    () => surrounds.find((one) => one === app.remembered.read('surround')) ?? 'dark',
  )
  const next = surrounds[(surrounds.indexOf(surround) + 1) % surrounds.length] ?? 'dark'
  const turn = () => {
    setSurround(next)
    app.remembered.keep('surround', next)
  }
  return { surround, next, turn }
}
