import { useState } from 'preact/hooks'
import { isLanguage, languages } from '../../server/contract/language.ts'
import { useApp } from '../app/app.ts'
import { themes } from '../app/appearance.ts'
import { Banner } from '../parts/banner.tsx'
import { ShortcutsSwitch } from '../parts/shortcuts-switch.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/choice.css'

const words = texts.settings

/** Colours, language, and whether single keys do something. */
export function AppearanceSection() {
  const app = useApp()
  const { appearance } = app
  const [failed, setFailed] = useState(false)
  const speak = async (value: string) => {
    try {
      await appearance.chooseLanguage(isLanguage(value) ? value : undefined)
      setFailed(false)
    } catch {
      // Only a lost connection keeps the words of a language away.
      setFailed(true)
    }
  }
  return (
    <>
      <fieldset class="field">
        <legend>{words.theme}</legend>
        <div class="choice">
          {themes.map((theme) => (
            <label key={theme}>
              <input
                type="radio"
                name="theme"
                checked={appearance.theme.value === theme}
                onChange={() => appearance.chooseTheme(theme)}
              />
              {words.themes[theme]}
            </label>
          ))}
        </div>
      </fieldset>
      <div class="field">
        <label for="settings-language">{words.language}</label>
        <select
          class="select"
          id="settings-language"
          value={appearance.language.value ?? ''}
          onChange={(event) => void speak(event.currentTarget.value)}
        >
          <option value="">{words.languageAuto}</option>
          {Object.entries(languages).map(([language, name]) => (
            <option key={language} value={language} lang={language}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {failed && <Banner kind="danger">{texts.connection.offline}</Banner>}
      <div class="setting-rows">
        <ShortcutsSwitch label={words.keys} note={words.keysText} />
      </div>
      <button class="button" type="button" onClick={() => (app.dialog.value = { kind: 'shortcuts' })}>
        {words.showKeys}
      </button>
    </>
  )
}
