import { Image, LogOut } from 'lucide'
import { useState } from 'preact/hooks'
import type { Invite } from '../../server/contract/accounts.ts'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { dayAndTime, texts } from '../texts/texts.ts'
import { Sheet } from './sheet.tsx'
import { useAction } from './use-action.ts'

const words = texts.settings

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const app = useApp()
  const session = app.session.value
  if (session.state !== 'user') return null
  const { user } = session
  return (
    <Sheet id="settings-dialog" title={words.title} onClose={onClose}>
      <div class="settings__page settings__page--only">
        <section>
          <h3>{words.actions}</h3>
          <p class="quiet">{words.actionsText}</p>
          <button
            class="button button--primary"
            id="settings-generate-image-button"
            type="button"
            onClick={() => (app.dialog.value = { kind: 'image' })}
          >
            <Icon of={Image} />
            {words.image}
          </button>
        </section>
        <Models />
        {user.role === 'admin' && <Invitations />}
        <section>
          <h3>{words.account}</h3>
          <p dir="auto">
            {words.signedInAs(user.display_name, user.username)}
            {user.role === 'admin' && <span class="quiet"> · {words.administrator}</span>}
          </p>
          <ChangePassword />
          <SignOut />
        </section>
      </div>
    </Sheet>
  )
}

function Models() {
  const models = useApp().models.value
  if (!models) return null
  const refine = models.chat.find((model) => model.id === models.refine)?.name ?? models.refine
  return (
    <section>
      <h3>{words.models}</h3>
      {models.offline && <p>{words.offline}</p>}
      <p class="quiet">
        {words.refine(refine)}
      </p>
      {models.offline && <p class="quiet">{texts.offline.more}</p>}
    </section>
  )
}

function Invitations() {
  const app = useApp()
  const [invite, setInvite] = useState<Invite>()
  const { busy, failure, run } = useAction()
  const make = () => run(async () => setInvite(await app.easel.auth.invite()))
  return (
    <section>
      <h3>{words.people}</h3>
      <p class="quiet">{words.inviteText}</p>
      {invite && (
        <div class="invitation">
          <input class="input" readOnly aria-label={words.invitation} value={invite.url} />
          <CopyButton text={invite.url} label={words.copy} words />
          <span class="quiet">{words.until(dayAndTime(invite.expires_at))}</span>
        </div>
      )}
      {failure && (
        <Banner kind="danger" card>
          {failure}
        </Banner>
      )}
      <button class="button" type="button" disabled={busy} onClick={() => void make()}>
        {words.invite}
      </button>
    </section>
  )
}

function ChangePassword() {
  const app = useApp()
  const [changed, setChanged] = useState(false)
  const { busy, failure, run } = useAction()
  const change = (form: HTMLFormElement) =>
    run(async () => {
      const data = new FormData(form)
      const field = (name: string) => {
        const value = data.get(name)
        return typeof value === 'string' ? value : ''
      }
      await app.easel.auth.changePassword({
        current_password: field('current_password'),
        new_password: field('new_password'),
      })
      form.reset()
      setChanged(true)
    })
  return (
    <details class="disclosure">
      <summary>{words.password}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void change(event.currentTarget)
        }}
      >
        <input type="text" autocomplete="username" hidden readOnly value="" />
        <div class="field">
          <label for="current_password">{words.currentPassword}</label>
          <input
            class="input"
            id="current_password"
            name="current_password"
            type="password"
            autocomplete="current-password"
            required
          />
        </div>
        <div class="field">
          <label for="new_password">{words.newPassword}</label>
          <input
            class="input"
            id="new_password"
            name="new_password"
            type="password"
            autocomplete="new-password"
            required
          />
        </div>
        {failure && (
          <Banner kind="danger" card>
            {failure}
          </Banner>
        )}
        {changed && <p role="status">{words.changed}</p>}
        <button class="button" type="submit" disabled={busy}>
          {words.change}
        </button>
      </form>
    </details>
  )
}

function SignOut() {
  const app = useApp()
  const { busy, failure, run } = useAction()
  return (
    <>
      {failure && (
        <Banner kind="danger" card>
          {failure}
        </Banner>
      )}
      <button class="button" type="button" disabled={busy} onClick={() => void run(() => app.signOut())}>
        <Icon of={LogOut} />
        {words.signOut}
      </button>
    </>
  )
}
