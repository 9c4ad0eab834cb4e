import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Takes files dropped anywhere on the page; true while some are held over it. */
export function useDrop(onFiles: (files: FileList) => void): boolean {
  const [isDragging, setDragging] = useState(false)
  const take = useRef(onFiles)
  take.current = onFiles
  useLayoutEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDragging(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      setDragging(false)
      take.current(event.dataTransfer.files)
    }
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('dragover', over, { signal })
    window.addEventListener('dragleave', leave, { signal })
    window.addEventListener('drop', drop, { signal })
    return () => listening.abort()
  }, [])
  return isDragging
}
