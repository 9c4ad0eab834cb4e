import { Fragment } from 'preact'
import { shortcutKeys, type Shortcut } from '../app/shortcuts.ts'
import { commandKey } from '../parts/command-key.ts'
import { ShortcutsSwitch } from '../parts/shortcuts-switch.tsx'
import { texts } from '../texts/texts.ts'
import '../styles/shortcuts.css'
import { Sheet } from './sheet.tsx'

const words = texts.shortcuts
const listed: readonly Shortcut[] = ['find', 'new', 'focus', 'stop', 'panel', 'help']

/** Every key that does something, and the one switch that turns them off. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Sheet id="shortcuts-dialog" title={words.title} small onClose={onClose}>
      <div class="sheet__body">
        <dl class="shortcuts">
          {listed.map((name) => (
            <div key={name}>
              <dt>{words[name]}</dt>
              <dd>
                {shortcutKeys[name].map((keys, index) => (
                  <Fragment key={keys.join()}>
                    {index > 0 && ` ${words.orKey} `}
                    <Keys keys={keys} />
                  </Fragment>
                ))}
              </dd>
            </div>
          ))}
          <Fixed label={words.send} keys={['enter']} />
          <Fixed label={words.break} keys={['shift', 'enter']} />
          <Fixed label={words.commands} keys={['/']} />
        </dl>
        <ShortcutsSwitch label={words.enabled} note={words.enabledText} />
      </div>
    </Sheet>
  )
}

function Fixed({ label, keys }: { label: string; keys: readonly string[] }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Keys keys={keys} />
      </dd>
    </div>
  )
}

function Keys({ keys }: { keys: readonly string[] }) {
  const caps: Readonly<Record<string, string>> = {
    control: commandKey(),
    shift: words.key.shift,
    escape: words.key.escape,
    enter: words.key.enter,
  }
  return keys.map((key, index) => (
    <Fragment key={key}>
      {index > 0 && ' '}
      <kbd>{caps[key] ?? key}</kbd>
    </Fragment>
  ))
}
