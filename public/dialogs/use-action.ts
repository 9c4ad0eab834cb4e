import { useState } from 'preact/hooks'
import { EaselError } from '../sdk/easel-error.ts'

/** Runs something the server may refuse: whether it runs, and why it failed. */
export function useAction() {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const run = async (action: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    try {
      await action()
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      setFailure([thrown.message, ...thrown.details.map((detail) => detail.message)].join(' '))
    } finally {
      setBusy(false)
    }
  }
  return { busy, failure, run }
}
