import { useLayoutEffect, useRef } from 'preact/hooks'
import { texts } from '../texts/texts.ts'

interface TitleFieldProps {
  title: string
  /** Told of the new title; not called when it is empty or the same. */
  onSave: (title: string) => void
  /** Told when the field may go, after saving or not. */
  onEnd: () => void
}

/** A title that is written where it stands: Enter or leaving saves it, Escape leaves it as it was. */
export function TitleField({ title, onSave, onEnd }: TitleFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const ended = useRef(false)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const end = (save: boolean) => {
    if (ended.current) return
    ended.current = true
    const next = field.current?.value.trim() ?? ''
    if (save && next !== '' && next !== title) onSave(next)
    onEnd()
  }
  return (
    <input
      ref={field}
      class="input title-field"
      aria-label={texts.conversation.renameLabel}
      dir="auto"
      defaultValue={title}
      maxLength={200}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.isComposing) return
        if (event.key === 'Enter') end(true)
        else if (event.key === 'Escape') {
          event.stopPropagation()
          end(false)
        }
      }}
    />
  )
}
