import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { SidebarButton } from '../sidebar/sidebar-button.tsx'
import { currentLocale, texts } from '../texts/texts.ts'
import '../styles/gallery.css'
import { FilterBar, type FilterBarProps } from './filter-bar.tsx'
import { filtersOf, galleryPath, isFiltered, noFilters, type Filters } from './filters.ts'
import { groupByMonth } from './group-by-month.ts'
import { PictureGallery } from './picture-gallery.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useWalking } from './use-walking.ts'
import { Wall } from './wall.tsx'

const words = texts.gallery

/**
 * All pictures of the user, by month.
 * @param query what the address says after its `?`: the filters, so that they outlive a reload and the way back
 */
export function Gallery({ query }: { query: string }) {
  const app = useApp()
  const gallery = useMemo(
    () => new PictureGallery({ easel: app.easel, now: app.now, onSessionEnd: () => app.endSession() }),
    [app],
  )
  // At once: what is chosen next adds to it.
  useLayoutEffect(() => void gallery.show(filtersOf(query)), [gallery, query])
  useEffect(() => () => gallery.leave(), [gallery])
  const filter = (part: Partial<Filters>) => {
    const before = gallery.filters.peek()
    const path = galleryPath({ ...before, ...part })
    // Words that are written on are one step of the way, not one for each letter.
    if (before.q && part.q) app.router.replace(path)
    else app.router.go(path)
  }
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    // Whoever came from elsewhere on the page is told where they are, and Tab goes on from here.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  const place = useRef<HTMLDivElement>(null)
  useWalking(place, gallery)
  const state = gallery.state.value
  const items = gallery.items.value
  const cursor = gallery.cursor.value
  const groups = groupByMonth(items, app.now(), currentLocale())
  return (
    <main class="desk desk--gallery">
      <div class="desk__head">
        <header class="masthead masthead--wide">
          <SidebarButton />
          <h1 ref={heading} tabIndex={-1}>
            {words.title}
          </h1>
        </header>
      </div>
      <div
        class="gallery"
        id="pictures"
        tabIndex={-1}
        ref={place}
        aria-busy={state === 'loading' || state === 'more'}
        data-stale={state === 'loading' ? '' : undefined}
      >
        <FilterBar filters={gallery.filters.value} onFilter={filter} />
        {groups.map((group, index) => (
          <section key={group.key} aria-label={group.name}>
            <h2>
              {group.name}
              {(cursor === null || index < groups.length - 1) && (
                <span class="figures">{words.count(group.items.length)}</span>
              )}
            </h2>
            <Wall items={group.items} gallery={gallery} />
          </section>
        ))}
        {state === 'ready' && items.length === 0 && (
          <Nothing filters={gallery.filters.value} onFilter={filter} />
        )}
        {state === 'loading' && items.length === 0 && <Waiting />}
        {typeof state === 'object' && (
          <Banner
            kind="danger"

            action={{
              label: texts.retry,
              run: () => void (cursor === null ? gallery.read() : gallery.readMore()),
            }}
          >
            {words.unreadable} {state.message}
          </Banner>
        )}
        {cursor !== null && typeof state !== 'object' && <More gallery={gallery} />}
      </div>
      {gallery.selected.value.length > 0 && <SelectionBar gallery={gallery} />}
    </main>
  )
}

/** Where the pictures will hang; shown after a moment only. */
function Waiting() {
  return (
    <div class="gallery__waiting" role="status">
      <span class="only-read">{words.loading}</span>
      {[1.5, 1, 0.8, 1.78, 1, 1.5, 1.33, 0.67].map((ratio, place) => (
        <span key={place} style={{ '--r': String(ratio) }} />
      ))}
    </div>
  )
}

function Nothing({ filters, onFilter }: FilterBarProps) {
  return (
    <div class="gallery__none">
      <p>{isFiltered(filters) ? words.notFound : words.none}</p>
      {isFiltered(filters) && (
        <button class="button" type="button" onClick={() => onFilter(noFilters)}>
          {words.noFilters}
        </button>
      )}
    </div>
  )
}

/** Reads on as the reader comes near the end; a button for those who do not scroll. */
function More({ gallery }: { gallery: PictureGallery }) {
  const place = useRef<HTMLDivElement>(null)
  const cursor = gallery.cursor.value
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const watching = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting) void gallery.readMore()
      },
      { rootMargin: '900px 0px' },
    )
    watching.observe(element)
    return () => watching.disconnect()
  }, [gallery, cursor])
  return (
    <div class="gallery__more" ref={place}>
      <button class="button" type="button" onClick={() => void gallery.readMore()}>
        {words.more}
      </button>
    </div>
  )
}
