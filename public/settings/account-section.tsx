import { LogOut } from 'lucide'
import { useState } from 'preact/hooks'
import type { Invite, User } from '../../server/contract/accounts.ts'
import { useApp } from '../app/app.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Banner } from '../parts/banner.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Icon } from '../parts/icon.tsx'
import { dayAndTime, texts } from '../texts/texts.ts'
import { ChangePassword } from './change-password.tsx'

const words = texts.settings

/** Who is here, and what belongs to the account. */
export function AccountSection({ user }: { user: User }) {
  return (
    <>
      <p class="settings__name" dir="auto">
        {words.signedInAs(user.display_name, user.username)}
        {user.role === 'admin' && <span class="quiet"> · {words.administrator}</span>}
      </p>
      <ChangePassword username={user.username} />
      {user.role === 'admin' && <Invitations />}
      <SignOut />
    </>
  )
}

function Invitations() {
  const app = useApp()
  const [invite, setInvite] = useState<Invite>()
  const { busy, failure, run } = useAction()
  const make = () => run(async () => setInvite(await app.easel.auth.invite()))
  return (
    <div class="settings__group">
      <h4>{words.people}</h4>
      <p class="quiet">{words.inviteText}</p>
      {invite && (
        <div class="invitation">
          <input class="input" dir="ltr" readOnly aria-label={words.invitation} value={invite.url} />
          <CopyButton text={invite.url} label={words.copy} words />
          <span class="quiet">{words.until(dayAndTime(invite.expires_at))}</span>
        </div>
      )}
      {failure && <Banner kind="danger">{failure}</Banner>}
      <button class="button" type="button" disabled={busy} onClick={() => void make()}>
        {words.invite}
      </button>
    </div>
  )
}

function SignOut() {
  const app = useApp()
  const { busy, failure, run } = useAction()
  return (
    <div class="settings__group settings__leave">
      {failure && <Banner kind="danger">{failure}</Banner>}
      <button class="button" type="button" disabled={busy} onClick={() => void run(() => app.signOut())}>
        <Icon of={LogOut} directed />
        {words.signOut}
      </button>
    </div>
  )
}
