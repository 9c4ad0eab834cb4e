import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { texts } from '../texts/texts.ts'
import { Banner } from './banner.tsx'

/**
 * A component whose code is fetched when it is first drawn; until then nothing is shown. Code that cannot be fetched
 * says so, with a way to try again.
 */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined
  return function Lazy(props: Props) {
    const [failures, setFailures] = useState(0)
    const [tries, setTries] = useState(0)
    const [, redraw] = useState(0)
    useEffect(() => {
      if (loaded) return undefined
      let wanted = true
      const fetchCode = async () => {
        try {
          loaded = await load()
          if (wanted) redraw(1)
        } catch {
          // Whatever kept the code away, the way on is to fetch it again.
          if (wanted) setFailures(tries + 1)
        }
      }
      void fetchCode()
      return () => {
        wanted = false
      }
    }, [tries])
    if (loaded) {
      const Loaded = loaded
      return <Loaded {...props} />
    }
    if (failures <= tries) return null
    return (
      <div class="lazy-fault">
        <Banner kind="danger" action={{ label: texts.retry, run: () => setTries(failures) }}>
          {texts.errors.code}
        </Banner>
      </div>
    )
  }
}
