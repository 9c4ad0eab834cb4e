import { Problem } from '../errors.ts'
import { converse } from './converse.ts'
import { commandContext, gatherContext } from './gather-context.ts'
import { paint, stage } from './paint.ts'
import { refinePrompt, type RefinedPrompt } from './refine-prompt.ts'
import { runCommand } from './run-command.ts'
import type { TurnOutcome, TurnParts, TurnRun } from './turn.ts'
import type { ImagePlan } from '../commands/command.ts'

/**
 * The straight line of a turn, from what was asked to what is to be recorded. On the way it publishes what
 * the conversation's followers see; the runner sends that, and records the outcome.
 * @throws Problem when the turn fails; the signal's reason when it was stopped.
 */
export async function takeTurn(parts: TurnParts, run: TurnRun): Promise<TurnOutcome> {
  const { plan } = run.turn.ask
  switch (plan.kind) {
    case 'chat':
      return converse(parts, run)
    case 'image':
      return illustrate(parts, run, plan)
    case 'help':
    case 'title':
    case 'summary':
    case 'memory':
    case 'model':
    case 'retry':
      return runCommand(parts, run, plan)
  }
}

/** From a wish to pictures: gather, refine, paint. */
async function illustrate(parts: TurnParts, run: TurnRun, plan: ImagePlan): Promise<TurnOutcome> {
  const { turn, signal } = run
  run.publish(stage('queued'))
  await run.claimed
  const parent = plan.edit === undefined ? undefined : parts.store.images.byId(turn.userId, plan.edit)
  if (plan.edit !== undefined && !parent) {
    throw new Problem('not_found', 'The picture to change does not exist any more.')
  }
  const place = {
    conversation: turn.conversation,
    userId: turn.userId,
    turnId: turn.id,
    afterMessageId: parts.store.messages.find(turn.conversation.id, turn.userMessageId)?.parentId ?? null,
    ownMessageId: turn.userMessageId,
    prompt: plan.prompt,
  }
  const wish = plan.raw ? { summary: false, memoryPad: false, exchanges: 0, deep: false } : commandContext
  const context = await gatherContext(parts, place, wish, signal)
  run.publish({
    type: 'context',
    summary: context.used.summary,
    messages: context.recent.length,
    deep: context.used.deep,
    memory_pad: context.used.memory_pad,
    characters: context.used.characters,
  })

  run.publish(stage('initializing'))
  const prompt: RefinedPrompt = plan.raw
    ? { raw: plan.prompt, text: plan.prompt, fallback: false, model: null }
    : await refinePrompt(parts, {
        raw: plan.prompt,
        context,
        userId: turn.userId,
        conversationId: turn.conversation.id,
        turnId: turn.id,
        signal,
      })
  parts.contentFilter(prompt.text)
  run.publish({
    type: 'prompt',
    raw: prompt.raw,
    refined: prompt.text,
    fallback: prompt.fallback,
    model: prompt.model,
  })

  const source = parent ? 'edit' : 'command'
  return paint(parts, run, { plan, prompt, context, parent, source })
}
