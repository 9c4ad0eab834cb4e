import { useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { useAction } from '../dialogs/use-action.ts'
import { Banner } from '../parts/banner.tsx'
import { texts } from '../texts/texts.ts'

const words = texts.settings

/** A form that is out of sight until it is wanted. `username` is for password managers. */
export function ChangePassword({ username }: { username: string }) {
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
        <input type="text" autocomplete="username" hidden readOnly value={username} />
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
        {failure && <Banner kind="danger">{failure}</Banner>}
        {changed && <p role="status">{words.changed}</p>}
        <button class="button" type="submit" disabled={busy}>
          {words.change}
        </button>
      </form>
    </details>
  )
}
