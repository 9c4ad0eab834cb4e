import { Search } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { commandKey } from '../parts/command-key.ts'
import { Icon } from '../parts/icon.tsx'
import { texts } from '../texts/texts.ts'

/** Milliseconds without a key after which the search begins. */
const restTime = 250

export function SearchBox() {
  const { list } = useApp()
  const shown = list.words.value
  const [words, setWords] = useState(shown)
  const asked = useRef(shown)
  // Emptied by something else on the page.
  useEffect(() => {
    if (shown !== asked.current) setWords((asked.current = shown))
  }, [shown])
  useEffect(() => {
    if (words === asked.current) return undefined
    const timer = setTimeout(() => {
      asked.current = words
      void list.search(words)
    }, restTime)
    return () => clearTimeout(timer)
  }, [list, words])
  return (
    <div class="search" role="search">
      <Icon of={Search} />
      <input
        class="input"
        type="search"
        dir="auto"
        aria-label={texts.sidebar.search}
        placeholder={texts.sidebar.searchPlaceholder}
        maxLength={200}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <kbd class="wide" aria-hidden="true">
        {commandKey()} K
      </kbd>
    </div>
  )
}
