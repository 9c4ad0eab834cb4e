import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** A component whose code is fetched when it is first drawn; until then nothing is shown. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined
  return function Lazy(props: Props) {
    const [, redraw] = useState(0)
    useEffect(() => {
      if (loaded) return undefined
      let wanted = true
      const fetchCode = async () => {
        loaded = await load()
        if (wanted) redraw(1)
      }
      void fetchCode()
      return () => {
        wanted = false
      }
    }, [])
    if (!loaded) return null
    const Loaded = loaded
    return <Loaded {...props} />
  }
}
