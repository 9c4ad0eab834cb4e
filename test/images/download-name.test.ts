import { describe, expect, test } from 'vitest'
import { attachment, downloadName } from '../../server/images/download-name.ts'

const time = Date.UTC(2026, 10, 20, 14, 30, 59)

describe('the name of a download', () => {
  test.each([
    ['A fox in the snow', 'easel-2026-11-20-1430-a-fox-in-the-snow.png'],
    ['', 'easel-2026-11-20-1430.png'],
    ['🦊!', 'easel-2026-11-20-1430.png'],
    ['../../etc/passwd\0', 'easel-2026-11-20-1430-etc-passwd.png'],
    ['  "quoted"\r\nX-Evil: 1', 'easel-2026-11-20-1430-quoted-x-evil-1.png'],
    ['雪の中の狐', 'easel-2026-11-20-1430-雪の中の狐.png'],
    ['long '.repeat(50), `easel-2026-11-20-1430-${'long-'.repeat(11)}long.png`],
  ])('of %j is %s', (shows, name) => {
    expect(downloadName(time, shows, 'png')).toBe(name)
  })

  test.each([
    ['easel-1-été.png', `attachment; filename="easel-1-ete.png"; filename*=UTF-8''easel-1-%C3%A9t%C3%A9.png`],
    ['easel-1-狐.png', `attachment; filename="easel-1.png"; filename*=UTF-8''easel-1-%E7%8B%90.png`],
  ])('%s goes into the header', (name, header) => {
    expect(attachment(name)).toBe(header)
  })
})
