/** What one tab of a browser tells the others. */
export type TabNews =
  /** A turn began or ended in a conversation, or the conversation changed otherwise. */
  | { kind: 'conversation'; id: string }
  /** Conversations came or went. */
  | { kind: 'list' }
  /** Somebody signed in or out. */
  | { kind: 'session' }

/** The other tabs of this browser on the same server. */
export interface Tabs {
  tell(news: TabNews): void
  /** Calls back for all that is told from now on. */
  listen(take: (news: TabNews) => void): void
}

/** The other tabs by the browser's own channel; without one a tab learns of changes when it is looked at again. */
export function browserTabs(): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => undefined, listen: () => undefined }
  const channel = new BroadcastChannel('easel')
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the channel itself is the target
    tell: (news) => channel.postMessage(news),
    listen: (take) => {
      channel.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (isNews(event.data)) take(event.data)
      })
    },
  }
}

/** A tab that runs an older page may tell something else. */
function isNews(data: unknown): data is TabNews {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return false
  if (data.kind === 'conversation') return 'id' in data && typeof data.id === 'string'
  return data.kind === 'list' || data.kind === 'session'
}
