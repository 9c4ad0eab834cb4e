import { effect, untracked, type Signal } from '@preact/signals'
import type { Looking } from './app.ts'
import type { Router } from './router.ts'

/** Back closes the picture that is looked at closely, Forward shows it again; closing it by hand leaves no trace. */
export function keepInHistory(
  looking: Signal<Looking | undefined>,
  router: Pick<Router, 'layered' | 'openLayer' | 'closeLayer' | 'path'>,
) {
  let last: { looking: Looking; path: string } | undefined
  effect(() => {
    const shown = looking.value
    untracked(() => {
      if (!shown) {
        router.closeLayer()
        return
      }
      last = { looking: shown, path: router.path }
      router.openLayer()
    })
  })
  effect(() => {
    const layered = router.layered.value
    untracked(() => {
      if (!layered) looking.value = undefined
      else if (!looking.peek() && last?.path === router.path) looking.value = last.looking
    })
  })
}
