import { toastTime } from '../../public/app/toasts.ts'

/**
 * A script for `openPage`'s `before`: no toast goes by itself, however long a slow machine takes to press what it offers.
 * Nothing else on the page waits for exactly as long.
 */
export const lastingToasts = `{
  const later = window.setTimeout.bind(window)
  window.setTimeout = (work, ms, ...given) => (ms === ${toastTime} ? 0 : later(work, ms, ...given))
}`
