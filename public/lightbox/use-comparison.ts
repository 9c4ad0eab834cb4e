import { useEffect, useState } from 'preact/hooks'
import type { GeneratedImage } from '../../server/contract/images.ts'
import { useApp } from '../app/app.ts'

/** With which picture another one is compared unless one is chosen: what it was made from, else its neighbour. */
function partnerOf(
  image: Pick<GeneratedImage, 'id' | 'parent_id'>,
  pictures: readonly GeneratedImage[],
  chosen: string | undefined,
): GeneratedImage | undefined {
  const at = pictures.findIndex((one) => one.id === image.id)
  const named = (id: string | null | undefined) =>
    id === image.id ? undefined : pictures.find((one) => one.id === id)
  return named(chosen) ?? named(image.parent_id) ?? pictures[at - 1] ?? pictures[at + 1]
}

/**
 * Comparing the shown picture with another. What it was made from is read where it is not among those that can be
 * stepped through.
 */
export function useComparison(image: GeneratedImage | undefined, pictures: readonly GeneratedImage[]) {
  const app = useApp()
  const [comparing, setComparing] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const [at, setAt] = useState(50)
  const [read, setRead] = useState<GeneratedImage>()
  const parentId = image?.parent_id ?? undefined
  const isAway = parentId !== undefined && !pictures.some((one) => one.id === parentId)
  useEffect(() => {
    if (!comparing || !isAway || parentId === undefined) return undefined
    let wanted = true
    const readParent = async () => {
      const parent = await app.attempt(() => app.easel.images.get(parentId))
      if (wanted) setRead(parent)
    }
    void readParent()
    return () => {
      wanted = false
    }
  }, [app, comparing, isAway, parentId])

  const among = isAway && read?.id === parentId ? [...pictures, read] : pictures
  const partner = comparing && image ? partnerOf(image, among, chosen) : undefined
  return {
    /** The other picture, while two are compared. */
    partner,
    possible: pictures.length > 1 || parentId !== undefined,
    comparing,
    /** How much of the other picture is seen, in percent. */
    at,
    slide: setAt,
    choose: setChosen,
    toggle: () => {
      setChosen(undefined)
      setAt(50)
      setComparing(!comparing)
    },
  }
}
