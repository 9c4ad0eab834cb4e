import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs every test and, beside them, one after the other, what is checked without running: types, lint, format, unused
 * code. What such a check finds is told as soon as it is known and named again at the end.
 * Arguments go to vitest. Exits with 0 when all is well.
 */
const checks = ['typecheck', 'lint', 'format', 'unused']
const [tests, failed] = await Promise.all([runTests(process.argv.slice(2)), runChecks()])
for (const check of failed) process.stderr.write(`npm run ${check} found faults, see above.\n`)
process.exitCode = tests === 0 && failed.length > 0 ? 1 : tests

/** @returns vitest's exit code. */
async function runTests(args: readonly string[]): Promise<number> {
  return codeOf(spawn('vitest', ['run', ...args], { stdio: 'inherit' }))
}

/** @returns the names of those that found something. */
async function runChecks(): Promise<string[]> {
  const failures: string[] = []
  for (const check of checks) {
    let output = ''
    const child = spawn('npm', ['run', '-s', check], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => (output += piece))
    if ((await codeOf(child)) === 0) continue
    failures.push(check)
    process.stderr.write(`\nnpm run ${check}\n${output}\n`)
  }
  return failures
}

/** The exit code of a process that has ended with all it had to say; 1 where it could not run or was killed. */
async function codeOf(child: ReturnType<typeof spawn>): Promise<number> {
  const [code] = await once(child, 'close').catch((cause: unknown) => {
    process.stderr.write(`${String(cause)}\n`)
    return [1]
  })
  return typeof code === 'number' ? code : 1
}
