import { texts } from '../texts/texts.ts'

/** What the key is called that goes with a letter to make a command on this machine. */
export function commandKey(): string {
  const isApple = /mac|iphone|ipad/i.test(navigator.userAgent)
  return isApple ? texts.shortcuts.key.command : texts.shortcuts.key.control
}
