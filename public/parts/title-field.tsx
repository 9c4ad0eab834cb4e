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
  const byKey = useRef(false)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
    const place = field.current?.parentElement
    return () => {
      // It was asked for in a menu, whose button stands here again: the keys go on from there.
      const back = () => place?.querySelector<HTMLElement>('[aria-haspopup=menu]')?.focus()
      if (byKey.current) setTimeout(back)
    }
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
        byKey.current = event.key === 'Enter' || event.key === 'Escape'
        if (event.key === 'Enter') end(true)
        else if (event.key === 'Escape') {
          event.stopPropagation()
          end(false)
        }
      }}
    />
  )
}
