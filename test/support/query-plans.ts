import type { Db } from '../../server/store/database.ts'

export interface PlannedQuestion {
  sql: string
  /** How SQLite answers it, a line a step (sqlite.org/eqp.html). */
  plan: string[]
}

/** How everything that a store prepares when it is opened will be answered. */
export function plansOf(db: Db, open: (db: Db) => unknown): PlannedQuestion[] {
  const questions: PlannedQuestion[] = []
  const watched = new Proxy(db, {
    get: (target, name) =>
      name === 'prepare'
        ? (sql: string) => {
            const steps = target.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
            const named = [...sql.matchAll(/@(\w+)/g)].map(([, parameter]) => [parameter, null])
            const given = Array.from({ length: sql.split('?').length - 1 }, () => null)
            if (named.length > 0) given.push(Object.fromEntries(named))
            questions.push({ sql, plan: steps.all(...given).map(({ detail }) => detail) })
            return target.prepare(sql)
          }
        : (Reflect.get(target, name) as unknown),
  })
  open(watched)
  return questions
}
