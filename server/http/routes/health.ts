import { z } from 'zod'
import { Problem } from '../../errors.ts'
import { route, type Route } from '../route.ts'

export interface HealthParts {
  /** True from the moment when the server began to stop. */
  isDraining: () => boolean
  /** Asks the database something; throws when it does not answer. */
  askDatabase: () => void
}

const State = z.object({ status: z.enum(['ok', 'ready']) })

/** What supervisors and load balancers ask. Mounted before sessions: nothing here looks at who asks. */
export function healthRoutes({ isDraining, askDatabase }: HealthParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/healthz',
      access: 'public',
      summary: 'Whether the process is up.',
      answers: { 200: State },
      handle: () => ({ status: 'ok' }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      access: 'public',
      summary: 'Whether requests should be sent here: the database answers, and the server is not stopping.',
      answers: { 200: State },
      problems: ['shutting_down'],
      handle() {
        if (isDraining()) throw notReady('The server is stopping.', undefined)
        try {
          askDatabase()
        } catch (cause) {
          throw notReady('The database does not answer.', cause)
        }
        return { status: 'ready' }
      },
    }),
  ]
}

function notReady(why: string, cause: unknown): Problem {
  return new Problem('shutting_down', `${why} Try again in a moment.`, { retryAfter: 5, cause })
}
