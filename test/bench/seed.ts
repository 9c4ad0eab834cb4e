import { openDatabase } from '../../server/store/database.ts'
import type { NewMessage } from '../../server/store/messages.ts'
import { openStore } from '../../server/store/store.ts'
import { systemClock } from '../../server/clock.ts'

export interface SeedUser {
  id: string
  cookie: string
}

export interface SeededConversation {
  id: string
  user: SeedUser
}

export interface Seeded {
  usual: SeededConversation[]
  longest: SeededConversation[]
}

interface Size {
  usual: number
  usualLength: number
  longestLength: number
}

/** The summary stands so many messages before the end, as it does in a conversation that has one. */
const sinceSummary = 8
const summaryEvery = 24

/** Fills a storage folder whose server is stopped, through the product's own store; all words are indexed. */
export function seedConversations(storageDir: string, users: readonly SeedUser[], size: Size): Seeded {
  const db = openDatabase(storageDir, systemClock.now)
  // Power may go while a bench is being prepared.
  db.pragma('synchronous = OFF')
  const store = openStore(db, 'bench')
  const speak = speaker()
  let ids = 0
  const newId = () => `bench-${String((ids += 1)).padStart(12, '0')}`

  function conversation(user: SeedUser, length: number): SeededConversation {
    const now = systemClock.now()
    const { id } = store.conversations.create({ id: newId(), userId: user.id, title: 'A long talk', now })
    let parentId: string | null = null
    for (let index = 0; index < length; index += 1) {
      const sender = index % 2 === 0 ? ('user' as const) : ('model' as const)
      const message: NewMessage = {
        id: newId(),
        conversationId: id,
        turnId: newId(),
        parentId,
        sender,
        now,
        kind: 'chat',
        text: speak(sender === 'user' ? 18 : 90),
        model: 'bench/writer',
        state: 'complete',
      }
      store.messages.insert(message)
      const left = length - 1 - index
      if (left >= sinceSummary && left % summaryEvery === sinceSummary) {
        store.messages.saveSummary(id, message.id, speak(150))
      }
      parentId = message.id
    }
    if (parentId !== null) store.conversations.showEnd(id, parentId, length, now)
    return { id, user }
  }

  const seeded: Seeded = { usual: [], longest: [] }
  store.together(() => {
    for (let count = 0; count < size.usual; count += 1) {
      const user = users[count % users.length]
      if (user) seeded.usual.push(conversation(user, size.usualLength))
    }
    for (const user of users.slice(0, 3)) seeded.longest.push(conversation(user, size.longestLength))
  })
  store.together(() => {
    while (store.search.indexSome(1000) === 1000);
  })
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  return seeded
}

const words =
  `the lighthouse stood on a rock in heavy weather while gulls turned above grey water and nobody answered
   when she asked whether its lamp should glow amber or white because paintings of storms need one warm place
   where eyes can rest so they agreed on copper light broken clouds far sails wet granite steps rope ladders
   moss between stones foam along every edge quiet faces behind small windows evening coming early winter`.split(
    /\s+/,
  )

/** Sentences of common words, the same in every run. */
function speaker(): (count: number) => string {
  let state = 20_261_120
  return (count) => {
    const said: string[] = []
    for (let index = 0; index < count; index += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      said.push(words[state % words.length] ?? '')
    }
    return said.join(' ')
  }
}
