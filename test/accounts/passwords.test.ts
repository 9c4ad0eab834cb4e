import { randomBytes } from 'node:crypto'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createPasswords } from '../../server/accounts/passwords.ts'
import { cheapPasswords } from '../support/account-server.ts'
import { killEaselProcesses, startEaselProcess } from '../support/easel-process.ts'
import { startFakeOpenRouter } from '../support/fake-openrouter/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('hashing', () => {
  it('is argon2id at the full cost, salted', async () => {
    const passwords = createPasswords(randomBytes)
    const [one, two] = await passwords.inTurn(async (hashing) => [
      await hashing.hash('a quiet harbour'),
      await hashing.hash('a quiet harbour'),
    ])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/)
    expect(two).not.toBe(one)
    expect(await passwords.inTurn((hashing) => hashing.matches(one, 'a quiet harbour'))).toBe(true)
    expect(await passwords.inTurn((hashing) => hashing.matches(one, 'a quiet harbor'))).toBe(false)
  })

  it('costs as much in the server that people start', async () => {
    const fake = await startFakeOpenRouter()
    onTestFinished(() => fake.close())
    const storageDir = temporaryFolder()
    const server = await startEaselProcess({ storageDir, fake })
    onTestFinished(killEaselProcesses)
    await server?.client().register('anna')
    const db = new Database(path.join(storageDir, 'easel.sqlite'), { readonly: true })
    onTestFinished(() => void db.close())
    expect(db.prepare('select password_hash from users').pluck().get()).toMatch(
      /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/,
    )
  })

  it('costs as much for an unknown name as for a wrong password', async () => {
    const passwords = createPasswords(randomBytes)
    const known = await passwords.inTurn((hashing) => hashing.hash('a quiet harbour'))
    const timed = (hash: string | undefined) =>
      passwords.inTurn(async (hashing) => {
        const before = process.cpuUsage()
        expect(await hashing.matches(hash, 'wrong')).toBe(false)
        const { user, system } = process.cpuUsage(before)
        return user + system
      })
    // The least of several: whatever else this process does meanwhile only adds to one of them.
    let ofUnknown = Infinity
    let ofWrong = Infinity
    for (let round = 0; round < 5; round += 1) {
      ofUnknown = Math.min(ofUnknown, await timed(undefined))
      ofWrong = Math.min(ofWrong, await timed(known))
    }
    // Without the work it would be a hundredth.
    expect(ofUnknown).toBeGreaterThan(ofWrong / 2)
    expect(ofUnknown).toBeLessThan(ofWrong * 2)
  })

  it('takes the same password however its accents are written', async () => {
    const passwords = cheapPasswords()
    const hash = await passwords.inTurn((hashing) => hashing.hash('Caf\u00e9 au lait'))
    expect(await passwords.inTurn((hashing) => hashing.matches(hash, 'Cafe\u0301 au lait'))).toBe(true)
  })
})

describe('turns', () => {
  it('are a few at a time, in the order of asking, each place freed also by a failure', async () => {
    const passwords = cheapPasswords()
    let running = 0
    let most = 0
    const order: number[] = []
    const all = Array.from({ length: 12 }, (_, n) =>
      passwords.inTurn(async (hashing) => {
        running += 1
        most = Math.max(most, running)
        order.push(n)
        await hashing.hash(`password ${n}`)
        running -= 1
        if (n % 3 === 0) throw new Error('failed on purpose')
      }),
    )
    const outcomes = await Promise.allSettled(all)
    expect(outcomes.map((outcome) => outcome.status === 'rejected')).toEqual(
      outcomes.map((_, n) => n % 3 === 0),
    )
    expect(most).toBe(2)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('are refused when too many wait', async () => {
    const passwords = cheapPasswords()
    const gate = Promise.withResolvers<void>()
    const waiting = Array.from({ length: 202 }, () => passwords.inTurn(() => gate.promise))
    await expect(passwords.inTurn(() => gate.promise)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: 10,
    })
    gate.resolve()
    await Promise.all(waiting)
    await expect(passwords.inTurn(async () => 'in')).resolves.toBe('in')
  })
})
