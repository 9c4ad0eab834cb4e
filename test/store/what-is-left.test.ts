import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../server/store/database.ts'
import { openStore } from '../../server/store/store.ts'
import { plansOf } from '../support/query-plans.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

// Asked every ten seconds, for as long as the server runs.
it('who works, or died at it, is found in an index of that alone', () => {
  const db = openDatabase(temporaryFolder(), () => 0)
  const partial = db
    .prepare<[], string>(`select name from sqlite_master where type = 'index' and sql like '% where %'`)
    .pluck()
    .all()
  const asked = plansOf(db, (watched) => {
    const store = openStore(watched, 'me')
    onTestFinished(() => {
      store.close()
      db.close()
    })
  })
    .filter(({ sql }) => sql.includes('distinct owner'))
    .map(({ plan: [first = ''] }) => /^SCAN \w+ USING (?:COVERING )?INDEX (\w+)$/.exec(first)?.[1] ?? first)
  expect(asked).toHaveLength(3)
  expect(partial).toEqual(expect.arrayContaining(asked))
})
