import { Eye, EyeOff, Key } from 'lucide'
import { h } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { useApp } from '../app/app.ts'
import { Banner } from '../parts/banner.tsx'
import { EaselMark, Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { EaselError } from '../sdk/easel-error.ts'
import { texts } from '../texts/texts.ts'
import picture from '../pictures/sign-in.webp'
import '../styles/sign-in.css'

/** Signing in and making an account: two forms in one place. */
export function SignIn({ ended }: { ended: boolean }) {
  const app = useApp()
  const place = app.router.place.value
  const [open, setOpen] = useState(app.registration)
  const [choice, setChoice] = useState<'sign-in' | 'register' | undefined>(
    place.page === 'register' ? 'register' : place.page === 'sign-in' ? 'sign-in' : undefined,
  )
  const [failure, setFailure] = useState<EaselError>()
  const [busy, setBusy] = useState(false)

  useLayoutEffect(() => {
    // A phone would raise its keyboard over the rest of the form.
    if (window.matchMedia('(pointer: fine)').matches) document.getElementById('username')?.focus()
  }, [])
  useEffect(() => {
    app.easel.auth.registration().then(
      (answer) => setOpen(answer.open),
      (thrown: unknown) => {
        if (!(thrown instanceof EaselError)) throw thrown
        setFailure(thrown)
      },
    )
  }, [app])

  const shown = open === 'first' ? 'register' : (choice ?? 'sign-in')
  const registers = shown === 'register' && open !== 'closed'
  const words = texts.signIn

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement) || busy) return
    const form = new FormData(event.currentTarget)
    const field = (name: string) => {
      const value = form.get(name)
      return typeof value === 'string' ? value : ''
    }
    setBusy(true)
    setFailure(undefined)
    try {
      const username = field('username').trim()
      const password = field('password')
      const displayName = field('display_name').trim()
      const invite = inviteIn(field('invite'))
      const { user } = registers
        ? await app.easel.auth.register({
            username,
            password,
            ...(displayName ? { display_name: displayName } : {}),
            ...(invite ? { invite } : {}),
          })
        : await app.easel.auth.login({ username, password })
      await app.enter(user)
    } catch (thrown) {
      if (!(thrown instanceof EaselError)) throw thrown
      setFailure(thrown)
    } finally {
      setBusy(false)
    }
  }
  const change = (to: 'sign-in' | 'register') => {
    setFailure(undefined)
    setChoice(to)
    app.router.replace(to === 'register' ? '/register' : '/sign-in')
  }

  return (
    <main class="sign-in">
      <div class="sign-in__form">
        <div>
          <span class="wordmark">
            <EaselMark />
            {texts.name}
          </span>
          <h1>{open === 'first' ? words.titleFirst : registers ? words.titleRegister : words.titleBack}</h1>
          <p class="sign-in__lead">
            {open === 'first' ? words.leadFirst : registers ? words.leadRegister : words.leadBack}
          </p>
          <form onSubmit={(event) => void submit(event)} aria-busy={busy}>
            {ended && (
              <div role="alert">
                <Banner kind="info">{words.ended}</Banner>
              </div>
            )}
            {shown === 'register' && open === 'closed' && <Banner kind="info">{words.closed}</Banner>}
            <Field
              name="username"
              label={words.username}
              autocomplete="username"
              problem={problemOf(failure, 'username')}
            />
            <PasswordField
              label={registers ? words.newPassword : words.password}
              autocomplete={registers ? 'new-password' : 'current-password'}
              hint={registers ? words.passwordHint : words.forgotten}
              problem={problemOf(failure, 'password')}
            />
            {registers && (
              <Field
                name="display_name"
                label={words.displayName}
                note={words.optional}
                autocomplete="name"
                required={false}
                problem={problemOf(failure, 'display_name')}
              />
            )}
            {registers && open === 'invite' && (
              <Field
                name="invite"
                label={words.invite}
                autocomplete="off"
                value={place.page === 'register' ? place.invite : undefined}
                hint={words.inviteHint}
                problem={problemOf(failure, 'invite')}
              />
            )}
            {failure && <Banner kind="danger">{failure.message}</Banner>}
            <button class="button button--primary button--wide" type="submit" disabled={busy}>
              {registers ? words.register : words.signIn}
            </button>
            {open !== 'first' && (registers || (open !== undefined && open !== 'closed')) && (
              <button
                class="button button--plain button--wide"
                type="button"
                onClick={() => change(registers ? 'sign-in' : 'register')}
              >
                {!registers && <Icon of={Key} />}
                {registers ? words.toSignIn : open === 'open' ? words.toRegisterOpen : words.toRegister}
              </button>
            )}
          </form>
        </div>
      </div>
      <figure class="sign-in__picture">
        <img src={picture} width="1100" height="1200" alt={words.picture} />
        <figcaption>
          <span>{words.caption}</span>
        </figcaption>
      </figure>
    </main>
  )
}

/** An invitation, whether its code or its whole link was pasted. */
export function inviteIn(text: string): string {
  const trimmed = text.trim()
  if (!URL.canParse(trimmed)) return trimmed
  return new URL(trimmed).searchParams.get('invite') ?? trimmed
}

function problemOf(failure: EaselError | undefined, field: string): string | undefined {
  return failure?.details.find((detail) => detail.field === field)?.message
}

interface FieldProps {
  name: string
  label: string
  note?: string
  autocomplete: string
  value?: string | undefined
  required?: boolean
  hint?: string
  problem: string | undefined
}

function Field({ name, label, note, autocomplete, value, required = true, hint, problem }: FieldProps) {
  const about = problem ? `${name}-problem` : hint ? `${name}-hint` : undefined
  return (
    <div class="field">
      <label for={name}>
        {label}
        {note && <span class="quiet"> ({note})</span>}
      </label>
      <input
        class="input"
        id={name}
        name={name}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        defaultValue={value}
        required={required}
        aria-invalid={problem ? true : undefined}
        aria-describedby={about}
      />
      <Below name={name} hint={hint} problem={problem} />
    </div>
  )
}

function PasswordField({
  label,
  autocomplete,
  hint,
  problem,
}: {
  label: string
  autocomplete: string
  hint: string
  problem: string | undefined
}) {
  const [shown, setShown] = useState(false)
  return (
    <div class="field">
      <label for="password">{label}</label>
      <div class="password">
        {h('input', {
          class: 'input',
          id: 'password',
          name: 'password',
          type: shown ? 'text' : 'password',
          autocomplete,
          required: true,
          'aria-invalid': problem ? true : undefined,
          'aria-describedby': problem ? 'password-problem' : 'password-hint',
        })}
        <IconButton
          icon={shown ? EyeOff : Eye}
          label={texts.signIn.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        />
      </div>
      <Below name="password" hint={hint} problem={problem} />
    </div>
  )
}

function Below({
  name,
  hint,
  problem,
}: {
  name: string
  hint: string | undefined
  problem: string | undefined
}) {
  if (problem) {
    return (
      <span class="hint hint--problem" id={`${name}-problem`}>
        {problem}
      </span>
    )
  }
  if (!hint) return null
  return (
    <span class="hint" id={`${name}-hint`}>
      {hint}
    </span>
  )
}
