import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Db } from '../../server/store/database.ts'
import { openStore, type Store } from '../../server/store/store.ts'
import type { TurnClaim } from '../../server/store/turns.ts'
import { beforeStatements } from '../support/before-statements.ts'
import type { Answer, Client } from '../support/client.ts'
import { startEasel, type Easel } from '../support/easel.ts'

let easel: Easel
let anna: Client
let userId: string
/** What another server on the same folder works with. */
let db: Db
let other: Store
beforeAll(async () => {
  easel = await startEasel({ offline: true })
  anna = await easel.user('anna')
  userId = (await anna.get('/api/auth/me')).body.user.id
  db = openDatabase(easel.storageDir, Date.now)
  // It waits for nobody: at this moment, or not at all.
  db.pragma('busy_timeout = 0')
  other = openStore(db, 'other')
})
afterAll(async () => {
  other.close()
  db.close()
  await easel.close()
})

let turns = 0
function claimAfter(conversationId: string, parentId: string): TurnClaim {
  const id = `turn-of-another-${(turns += 1)}`
  const message = { conversationId, turnId: id, kind: 'chat', text: '', model: null, now: Date.now() }
  return {
    id,
    conversationId,
    userId,
    kind: 'chat',
    request: '{}',
    userMessage: { ...message, id: `${id}-user`, parentId, sender: 'user', state: 'complete' },
    userMessageId: `${id}-user`,
    attachmentIds: [],
    modelMessage: {
      ...message,
      id: `${id}-model`,
      parentId: `${id}-user`,
      sender: 'model',
      state: 'streaming',
    },
    generations: [],
    idempotency: undefined,
    now: Date.now(),
  }
}

function begins(claim: TurnClaim): boolean {
  try {
    other.turns.claim(claim)
    return true
  } catch {
    return false
  }
}

/** At every moment of a request in turn, as its statements go, in a conversation of its own each time. */
async function atEveryMoment(
  ask: (place: Place) => Promise<Answer>,
  act: (place: Place) => void,
  check: (moment: number, answer: Answer, place: Place) => void,
): Promise<void> {
  let last: number
  let moment = 0
  do {
    moment += 1
    last = 0
    const conversation = await anna.conversation()
    const { body } = await anna.say(conversation, '/help')
    const place = { conversation, asked: body.parent_id, answer: body.id }
    const answer = await beforeStatements(
      { storageDir: easel.storageDir, own: db },
      (n) => {
        last = n
        if (n === moment) act(place)
      },
      () => ask(place),
    )
    check(moment, answer, place)
  } while (last >= moment)
  expect(moment).toBeGreaterThan(5)
}

interface Place {
  conversation: string
  /** The first message's id, and its answer's. */
  asked: string
  answer: string
}
interface Change {
  ask: (place: Place) => ReturnType<Client['patch']>
  /** Whether it is to be seen by everybody. */
  isDone: (place: Place) => boolean
}

function textOf(id: string): string | undefined {
  return db.prepare<[string], string>('select text from messages where id = ?').pluck().get(id)
}
const changes: Record<string, Change> = {
  'deleting a message': {
    ask: ({ conversation, answer }) => anna.delete(`/api/conversations/${conversation}/messages/${answer}`),
    isDone: ({ answer }) => textOf(answer) === undefined,
  },
  'deleting the conversation': {
    ask: ({ conversation }) => anna.delete(`/api/conversations/${conversation}`),
    isDone: ({ conversation }) => !other.copies.exists(conversation),
  },
  'correcting a message': {
    ask: ({ conversation, answer }) =>
      anna.patch(`/api/conversations/${conversation}/messages/${answer}`, { text: 'corrected' }),
    isDone: ({ answer }) => textOf(answer) === 'corrected',
  },
  'showing another branch': {
    ask: ({ conversation, asked }) =>
      anna.patch(`/api/conversations/${conversation}`, { active_message_id: asked, title: 'shown' }),
    isDone: ({ conversation }) => other.conversations.find(userId, conversation)?.title === 'shown',
  },
}

it.each(Object.entries(changes))(
  'begins before %s, which is refused then, or after it, but never in between',
  async (_what, { ask, isDone }) => {
    let wasDone: boolean
    let hasBegun: boolean
    await atEveryMoment(
      (place) => {
        hasBegun = false
        return ask(place)
      },
      (place) => {
        wasDone = isDone(place)
        hasBegun = begins(claimAfter(place.conversation, place.answer))
      },
      (moment, { status }, { conversation, answer }) => {
        const isThere = textOf(answer) !== undefined && other.copies.exists(conversation)
        expect({ moment, status, isThere }).toEqual({
          moment,
          status: hasBegun && !wasDone ? 409 : expect.toBeOneOf([200, 204]),
          isThere: hasBegun || isThere,
        })
      },
    )
  },
)

it('begins nowhere when what it goes on from goes in the same moment', () => {
  const lost = db
    .prepare<[string], string>(
      `select id from messages m where conversation_id = ? and parent_id is not null
         and not exists (select 1 from messages p where p.id = m.parent_id)`,
    )
    .pluck()
  return atEveryMoment(
    ({ conversation }) => anna.say(conversation, '/help'),
    ({ conversation, answer }) => {
      try {
        other.together(() => {
          other.turns.mustBeIdle(conversation)
          other.messages.removeWithFollowers(conversation, answer, answer)
        })
      } catch {
        // The turn was there before.
      }
    },
    (moment, { status }, { conversation }) =>
      expect({ moment, status, lost: lost.all(conversation) }).toEqual({
        moment,
        status: expect.toBeOneOf([200, 404]),
        lost: [],
      }),
  )
})
