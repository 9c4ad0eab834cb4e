import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import { messageStore } from '../../server/store/messages.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const user = '01990000-0000-7000-8000-00000000000a'
const talk = '01990000-0000-7000-8000-0000000000c1'

/** A branch of messages 1, 2, 3 …, some of them with a summary. */
function branch(length: number, summaries: readonly number[]) {
  const db = openDatabase(temporaryFolder(), () => 0)
  onTestFinished(() => {
    db.close()
  })
  db.exec(`
    insert into users (id, username, username_key, display_name, password_hash, role, tier, created_at)
      values ('${user}', 'ana', 'ana', 'ana', '', 'user', 'free', 0);
    insert into conversations (id, user_id, title, titled_by, created_at, updated_at)
      values ('${talk}', '${user}', '', 'nobody', 0, 0)`)
  const messages = messageStore(db)
  const idOf = (number: number) => `message-${String(number).padStart(12, '0')}`
  for (let number = 1; number <= length; number += 1) {
    messages.insert({
      id: idOf(number),
      conversationId: talk,
      parentId: number === 1 ? null : idOf(number - 1),
      turnId: `turn-${number}`,
      sender: number % 2 === 1 ? 'user' : 'model',
      kind: 'chat',
      text: String(number),
      model: null,
      state: 'complete',
      now: number,
    })
    if (summaries.includes(number)) messages.saveSummary(talk, idOf(number), `up to ${number}`)
  }
  return (least: number, most: number) =>
    messages.pathToSummary(talk, idOf(length), { least, most }).map((message) => Number(message.text))
}

test('goes back to the newest summary and no further', () => {
  expect(branch(30, [5, 22])(4, 60)).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22])
})

test('goes beyond a summary that is too near, and to the beginning where there is none', () => {
  expect(branch(30, [29])(4, 60)).toEqual([30, 29, 28, 27])
  expect(branch(3, [])(12, 60)).toEqual([3, 2, 1])
  expect(branch(3, [3])(12, 60)).toEqual([3, 2, 1])
})

test('never goes back further than asked', () => {
  expect(branch(30, [])(4, 6)).toEqual([30, 29, 28, 27, 26, 25])
})
