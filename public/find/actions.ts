import { languages, type Language } from '../../server/contract/language.ts'
import type { App } from '../app/app.ts'
import { themes } from '../app/appearance.ts'
import { pathOf } from '../app/router.ts'
import { texts } from '../texts/texts.ts'

export interface Action {
  name: string
  run: () => void
}

/** What can be done from the command menu at this moment. */
export function actionsOf(app: App): Action[] {
  const open = app.open.peek()
  const conversation = open.conversation.peek()
  const { appearance } = app
  const dialog = (kind: 'image' | 'settings' | 'shortcuts') => () => {
    app.dialog.value = { kind }
  }
  return [
    { name: texts.sidebar.new, run: () => app.go(pathOf(undefined)) },
    { name: texts.sidebar.makePicture, run: dialog('image') },
    { name: texts.gallery.title, run: () => app.go('/gallery') },
    ...(conversation
      ? [
          { name: texts.conversation.about, run: () => app.drawers.openPanel(true) },
          {
            name: texts.sidebar.rename,
            run: () => (app.renaming.value = { id: conversation.id, place: 'head' }),
          },
        ]
      : []),
    { name: texts.sidebar.settings, run: dialog('settings') },
    { name: texts.shortcuts.title, run: dialog('shortcuts') },
    { name: texts.sidebar.allArchived, run: () => app.showArchive() },
    ...themes
      .filter((theme) => theme !== appearance.theme.peek())
      .map((theme) => ({
        name: texts.find.theme(texts.settings.themes[theme]),
        run: () => appearance.chooseTheme(theme),
      })),
    ...Object.entries(languages)
      .filter(([language]) => language !== document.documentElement.lang)
      .map(([language, name]) => ({
        name: `${texts.settings.language}: ${name}`,
        // The keys of an object are strings to the compiler; these are the languages.
        run: () =>
          void appearance
            .chooseLanguage(language as Language)
            // Only a lost connection keeps the words of a language away.
            .catch(() => app.toasts.show({ text: texts.errors.code })),
      })),
  ]
}

/** Those whose name holds every word, those that begin with the first before the others. */
export function matching(actions: readonly Action[], words: string): Action[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const first = wanted[0] ?? ''
  return actions
    .filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)))
    .toSorted(
      (a, b) =>
        Number(b.name.toLowerCase().startsWith(first)) - Number(a.name.toLowerCase().startsWith(first)),
    )
}
