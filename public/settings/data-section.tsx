import { Archive, Download, Upload } from 'lucide'
import { useRef, useState } from 'preact/hooks'
import type { Conversation } from '../../server/contract/conversations.ts'
import { useApp } from '../app/app.ts'
import { pathOf } from '../app/router.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Banner } from '../parts/banner.tsx'
import { Icon } from '../parts/icon.tsx'
import { EaselError } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'

const words = texts.settings

/** Conversations out of this server, back into it, and out of sight. */
export function DataSection() {
  const app = useApp()
  return (
    <>
      <Export />
      <Import />
      <div class="settings__group">
        <h4>{texts.sidebar.allArchived}</h4>
        <p class="quiet">{words.archivedText}</p>
        <button class="button" type="button" onClick={() => app.showArchive()}>
          <Icon of={Archive} />
          {texts.sidebar.archived}
        </button>
      </div>
    </>
  )
}

function Export() {
  const app = useApp()
  const open = app.open.value.conversation.value
  const listed = app.list.items.value
  const state = app.list.state.value
  const all = open && !listed.some((item) => item.id === open.id) ? [open, ...listed] : listed
  const [chosen, setChosen] = useState(open?.id)
  const id = chosen ?? all[0]?.id
  return (
    <div class="settings__group">
      <h4>{words.exportTitle}</h4>
      <p class="quiet">{words.exportText}</p>
      {state instanceof EaselError && (
        <Banner kind="danger" action={{ label: texts.retry, run: () => void app.list.tryAgain() }}>
          {texts.sidebar.unreadable} {state.message}
        </Banner>
      )}
      {id === undefined ? (
        state === 'ready' && <p>{texts.sidebar.nothing}</p>
      ) : (
        <>
          <div class="field">
            <label for="settings-export">{words.exportChoose}</label>
            <select
              class="select"
              id="settings-export"
              value={id}
              onChange={(event) => setChosen(event.currentTarget.value)}
            >
              {all.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.title}
                </option>
              ))}
            </select>
          </div>
          <div class="settings__buttons">
            <a class="button" href={app.easel.conversations.exportUrl(id, 'json')} download>
              <Icon of={Download} />
              {words.exportJson}
            </a>
            <a class="button" href={app.easel.conversations.exportUrl(id, 'markdown')} download>
              <Icon of={Download} />
              {words.exportMarkdown}
            </a>
          </div>
        </>
      )}
    </div>
  )
}

function Import() {
  const app = useApp()
  const files = useRef<HTMLInputElement>(null)
  const [done, setDone] = useState(0)
  const [imported, setImported] = useState<Conversation>()
  const { busy, failure, run } = useAction()
  const take = (file: File) =>
    run(async () => {
      setDone(0)
      setImported(undefined)
      setImported(await app.easel.conversations.import(file, { onProgress: setDone }))
      await app.list.read()
    })
  const show = (id: string) => {
    app.dialog.value = undefined
    app.go(pathOf(id))
  }
  return (
    <div class="settings__group">
      <h4>{words.importTitle}</h4>
      <p class="quiet">{words.importText}</p>
      <input
        ref={files}
        type="file"
        hidden
        accept=".zip,application/zip"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) void take(file)
        }}
      />
      <button class="button" type="button" disabled={busy} onClick={() => files.current?.click()}>
        <Icon of={Upload} />
        {words.import}
      </button>
      <p role="status" class="quiet">
        {busy && (done < 1 ? words.importing(Math.round(done * 100)) : words.unpacking)}
        {imported && words.imported(imported.title)}
      </p>
      {imported && (
        <button class="button" type="button" onClick={() => show(imported.id)}>
          {words.openImported}
        </button>
      )}
      {failure && <Banner kind="danger">{failure}</Banner>}
    </div>
  )
}
