import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Response } from 'express'
import { z } from 'zod'
import { GenerateImageAnswer, GenerateImageRequest } from '../../contract/generate-image.ts'
import { asProblem, Problem, statusOf, type ProblemCode } from '../../errors.ts'
import { visionCopyOfBytes } from '../../images/vision-copy.ts'
import type { InputPicture } from '../../providers/provider.ts'
import type { RateTicks } from '../../store/rate-ticks.ts'
import { lostAside } from '../../turns/interrupted-error.ts'
import { asideImages, paintAside, type AsideAnswer, type AsideWish } from '../../turns/paint-aside.ts'
import type { Runner } from '../../turns/runner.ts'
import type { TurnParts } from '../../turns/turn.ts'
import { problemBody } from '../answer.ts'
import { readIdempotencyKey, type IdempotencyClaim } from '../idempotency-key.ts'
import { requestIdOf } from '../request-id.ts'
import { languageOf } from '../request-language.ts'
import { spendingProblems } from '../spending-problems.ts'
import { Reply, route, type Route } from '../route.ts'
import { ownConversation } from './conversations.ts'

interface Parts extends TurnParts {
  runner: Pick<Runner, 'aside'>
  ticks: RateTicks
  storageDir: string
}

/** 10 a minute a user. */
const most = 10
const windowMs = 60_000
/** How often a request that another process works on is looked at, milliseconds. */
const pollMs = 250

/** Codes of 500 and above that stand for a refusal, before anything was spent. */
const unspent: ReadonlySet<ProblemCode> = new Set(['missing_api_key', 'shutting_down'])

/** What an answered request is remembered as: either an answer whose pictures are read again, or an error. */
const Remembered = z.union([
  z.object({
    images: z.array(z.string()),
    text: z.string(),
    model: z.string(),
    refinedPrompt: z.string().nullable(),
    warning: z.string().optional(),
  }),
  z.object({ status: z.literal('error'), code: z.string(), message: z.string() }).loose(),
])

/** `POST /api/generate-image`: the image dialog. */
export function generateImageRoutes(parts: Parts): Route[] {
  const { store, clock, ticks, runner } = parts
  /** Requests under way in this process, so that the same key asked twice at once is one request. */
  const underWay = new Map<string, Promise<AsideAnswer>>()

  return [
    route({
      method: 'post',
      path: '/api/generate-image',
      access: 'user',
      summary: 'Paint one picture on the side; nothing is saved into the conversation.',
      body: GenerateImageRequest,
      bodyKind: 'large-json',
      answers: { 200: GenerateImageAnswer },
      problems: ['not_found', 'rate_limited', ...spendingProblems],
      handle: async ({ user, body, req, res }) => {
        const key = readIdempotencyKey(req, { route: 'generate-image', body })
        const earlier = key && (await earlierAnswer(user.id, key, res))
        if (earlier) return earlier
        const prompt = checkedPrompt(body.prompt)
        const conversation = body.conversation_id
          ? ownConversation(store, user.id, body.conversation_id)
          : undefined
        const inputs = await readInputs(user.id, body.input_images)
        // The same request may have come once more while the pictures were read.
        while (!claim(user.id, key)) {
          const meanwhile = key && (await earlierAnswer(user.id, key, res))
          if (meanwhile) return meanwhile
        }
        const stop = new AbortController()
        // Hanging up cancels only what nobody could fetch later.
        if (!key) res.on('close', () => res.writableFinished || stop.abort(new Error('the client hung up')))
        const wish: AsideWish = {
          userId: user.id,
          language: languageOf(req),
          prompt,
          model: body.model ?? undefined,
          conversation,
          context: {
            summary: body.include_summary,
            memoryPad: body.include_memory_pad,
            exchanges: body.include_messages ? body.history_count : 0,
            deep: body.deep_context,
          },
          betterContext: body.better_context,
          aspectRatio: body.aspect_ratio,
          inputs,
          key: key?.key,
        }
        const painting = runner.aside((stopping) =>
          paintAside(parts, wish, AbortSignal.any([stop.signal, stopping])),
        )
        const answer = await (key ? shared(user.id, key, painting) : painting)
        return present(user.id, answer)
      },
    }),
  ]

  /**
   * Counts the request and claims its key, both or neither; false when the key is taken.
   * @throws Problem `rate_limited`
   */
  function claim(userId: string, key: IdempotencyClaim | undefined): boolean {
    const now = clock.now()
    return store.together(() => {
      if (key && !store.idempotency.claim(userId, key, now)) return false
      const take = ticks.take(`generate-image ${userId}`, most, windowMs, now)
      if (take.allowed) return true
      throw new Problem(
        'rate_limited',
        `This is limited to ${most} pictures a minute (rate limit). Please wait ${take.retryAfterSeconds} seconds.`,
        { retryAfter: take.retryAfterSeconds },
      )
    })
  }

  /**
   * What the key already stands for: a request under way, or its answer. Where another process has it, that one's
   * answer is waited for, or that what it left is taken up.
   * @throws Problem `idempotency_mismatch`
   */
  async function earlierAnswer(userId: string, key: IdempotencyClaim, res: Response): Promise<unknown> {
    for (;;) {
      const known = store.idempotency.find(userId, key.key)
      if (!known) return undefined
      if (known.bodyHash !== key.bodyHash || known.turnId !== null) throw mismatch()
      const running = underWay.get(`${userId} ${key.key}`)
      if (running) return present(userId, await running)
      if (known.answer !== null) return again(userId, known.answer, requestIdOf(res))
      if (known.isOwn || res.closed) return again(userId, JSON.stringify(lostAside), requestIdOf(res))
      await pause()
    }
  }

  async function shared(
    userId: string,
    key: IdempotencyClaim,
    painting: Promise<AsideAnswer>,
  ): Promise<AsideAnswer> {
    const name = `${userId} ${key.key}`
    underWay.set(name, painting)
    try {
      return await painting
    } catch (thrown) {
      const problem = asProblem(thrown)
      // What failed before anything was spent may be tried again under the same key.
      if (problem.status < 500 || unspent.has(problem.code)) store.idempotency.release(userId, key.key)
      else
        store.idempotency.keepAnswer(
          userId,
          key.key,
          problem.status,
          JSON.stringify(problemBody(problem, '')),
        )
      throw thrown
    } finally {
      underWay.delete(name)
    }
  }

  async function again(userId: string, answer: string, requestId: string): Promise<unknown> {
    const remembered = Remembered.parse(JSON.parse(answer))
    if ('code' in remembered) {
      const status = remembered.code in statusOf ? statusOf[remembered.code as ProblemCode] : 500
      return new Reply(status, { ...remembered, request_id: requestId })
    }
    return present(userId, { ...remembered, warning: remembered.warning })
  }

  async function present(userId: string, answer: AsideAnswer): Promise<GenerateImageAnswer> {
    const rows = asideImages(parts, userId, answer.images)
    const images = await Promise.all(
      rows.map(async (row) => {
        const bytes = await readFile(path.join(parts.storageDir, row.path))
        return `data:image/png;base64,${bytes.toString('base64')}`
      }),
    )
    return {
      status: 'success',
      images,
      image_ids: rows.map((row) => row.id),
      text: answer.text,
      ...(answer.warning === undefined ? {} : { warning: answer.warning }),
      model: answer.model,
      refined_prompt: answer.refinedPrompt,
    }
  }

  async function readInputs(userId: string, inputs: readonly string[]): Promise<InputPicture[]> {
    return Promise.all(
      inputs.map(async (input, index) => {
        // Whatever type a data URI claims: its bytes are looked at.
        const base64 = /^data:[^,]{0,200};base64,(.*)$/is.exec(input)?.[1]
        if (base64 !== undefined) {
          return visionCopyOfBytes(Buffer.from(base64, 'base64'), '', `input_images.${index}`)
        }
        const row = input.length <= 64 ? store.images.byId(userId, input) : undefined
        const copy = row && (await parts.pictures.visionCopy(row))
        if (!copy) {
          throw new Problem(
            'not_found',
            'An input picture does not exist, or it is not yours. Give an image id or a PNG, JPEG or WebP data URI.',
          )
        }
        return copy
      }),
    )
  }
}

function checkedPrompt(prompt: string): string {
  const trimmed = prompt.trim()
  if (trimmed === '') throw new Problem('missing_prompt', 'Say what to paint: the prompt is empty.')
  return trimmed
}

/** So long until a request that another process works on is looked at again. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pollMs).unref()
  })
}

function mismatch(): Problem {
  return new Problem(
    'idempotency_mismatch',
    'This Idempotency-Key was used for another request. Use a new one.',
  )
}
