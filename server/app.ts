import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import path from 'node:path'
import type { Logger } from 'pino'
import { createAccounts } from './accounts/accounts.ts'
import { createPasswords, type HashCost } from './accounts/passwords.ts'
import { loadSessionSecret } from './accounts/session-secret.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { sweepArrivingFolders } from './conversations/arriving-folder.ts'
import { createFork } from './conversations/fork.ts'
import { createInsertPicture } from './conversations/insert-picture.ts'
import { removeHidden } from './conversations/write-in-pieces.ts'
import { identifyBy } from './http/identify.ts'
import { createListener } from './http/listener.ts'
import { accountRoutes } from './http/routes/accounts.ts'
import { conversationRoutes } from './http/routes/conversations.ts'
import { docsRoutes } from './http/routes/docs.ts'
import { generateImageRoutes } from './http/routes/generate-image.ts'
import { healthRoutes } from './http/routes/health.ts'
import { imageRoutes } from './http/routes/images.ts'
import { listRoutes } from './http/routes/lists.ts'
import { transferRoutes } from './http/routes/transfer.ts'
import { turnRoutes } from './http/routes/turns.ts'
import { uploadRoutes } from './http/routes/uploads.ts'
import { usageRoutes } from './http/routes/usage.ts'
import type { Route } from './http/route.ts'
import { createServer } from './http/server.ts'
import { idMaker, pooled } from './ids.ts'
import { conversationImages } from './images/folders.ts'
import { folderPictures } from './images/pictures.ts'
import { removeExpired, removeUnreferenced } from './images/remove-picture.ts'
import { fileServer } from './images/serve-file.ts'
import { createCatalogue } from './providers/catalogue.ts'
import { openrouterModels } from './providers/models.ts'
import { offlineModels } from './providers/offline/models.ts'
import { configuredProviders, createServices } from './providers/services.ts'
import { contentFilter } from './quotas/content-filter.ts'
import { createAccountRows } from './store/accounts.ts'
import { openDatabase } from './store/database.ts'
import { takeOwnerLock } from './store/owner-lock.ts'
import { createRateTicks } from './store/rate-ticks.ts'
import { createSessionRows } from './store/sessions.ts'
import { openStore } from './store/store.ts'
import { createChores } from './turns/chores.ts'
import { recover, stillNeeded, sweepBefore } from './turns/recover.ts'
import { createRunner } from './turns/runner.ts'
import type { TurnParts } from './turns/turn.ts'

interface AppParts {
  config: Config
  clock: Clock
  log: Logger
  /** The built page. */
  pageFolder: string
  /** What hashing a password costs; as much as it should, unless told. */
  passwordCost?: HashCost
}

export interface App {
  /** Serves it all, once it is told where to listen. */
  http: Server
  /** The route table: it also drives the documentation and the tests. */
  routes: readonly Route[]
  /** True when no key is configured. */
  offline: boolean
  /** What may wait until the server listens: background chores and the providers' lists of models. */
  begin(): void
  /** No new work; what runs is waited for, and interrupted when it takes longer than the grace. */
  drain(graceMs: number): Promise<void>
  /** Drains, then closes everything. */
  close(graceMs: number): Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000
/** How often the providers are asked for their models. */
const relistEveryMs = 6 * 60 * 60 * 1000
/** How often what a full disk or a dead process left is taken up. */
const recoverEveryMs = 10_000
/** How often what has expired is removed. */
const sweepEveryMs = 10 * 60 * 1000

/** Makes every part once, hands them to each other, and takes up what an earlier process left. */
export async function createApp({ config, clock, log, pageFolder, passwordCost }: AppParts): Promise<App> {
  const newId = idMaker(clock, pooled(randomBytes))
  const db = openDatabase(config.storageDir, clock.now)
  const owners = takeOwnerLock(config.storageDir, newId())
  const store = openStore(db, owners.id)
  const ticks = createRateTicks(db)

  const catalogue = createCatalogue([...openrouterModels, ...offlineModels], {
    defaultImageModel: config.defaultImageModel,
    defaultChatModel: config.defaultChatModel,
    cheapModel: config.cheapModel,
    configured: configuredProviders(config),
  })
  const providers = createServices({ config, clock, log })
  const pictures = folderPictures(config.storageDir, newId)
  const turnParts: TurnParts = {
    store,
    catalogue,
    providers,
    pictures,
    contentFilter: contentFilter(config.contentFilterTerms),
    clock,
    newId,
    log,
  }
  await recover(turnParts, owners, recoverEveryMs)
  owners.sweep()
  const chores = createChores(turnParts, () => runner.isBusy())
  const runner = createRunner(turnParts, chores)

  const accounts = createAccounts({
    rows: createAccountRows(db),
    sessions: createSessionRows(db),
    ticks,
    passwords: createPasswords(randomBytes, passwordCost),
    clock,
    newId,
    randomBytes,
    sessionSecret: loadSessionSecret(config.storageDir, config.sessionSecret, randomBytes),
    config,
    log,
  })
  // API keys join this list.
  const identity = identifyBy([accounts.proof])

  const files = {
    removeConversation: (id: string) =>
      rm(path.dirname(path.join(config.storageDir, conversationImages(id))), {
        recursive: true,
        force: true,
      }),
    async remove(paths: readonly string[]) {
      for (const file of new Set(paths))
        removeUnreferenced({ rows: store.images, storageDir: config.storageDir }, file)
    },
  }
  const { storageDir } = config
  const copyParts = { store, storageDir, catalogue, chores, clock, newId, log, files }
  const imageParts = { rows: store.images, storageDir: config.storageDir, clock, newId, log }
  const ping = db.prepare('select 1')
  const health = healthRoutes({ isDraining: runner.isDraining, askDatabase: () => ping.get() })
  // Express tries them one after another: what is asked most comes first.
  const routes: Route[] = [
    ...turnRoutes({ ...turnParts, runner, identity }),
    ...accountRoutes(accounts),
    ...conversationRoutes({
      ...copyParts,
      fork: createFork(copyParts),
      insertPicture: createInsertPicture(copyParts),
    }),
    ...transferRoutes(copyParts),
    ...imageRoutes({ ...imageParts, files: fileServer() }),
    ...uploadRoutes(imageParts),
    ...generateImageRoutes({ ...turnParts, runner, ticks, storageDir: config.storageDir }),
    ...listRoutes({ catalogue, store }),
    ...usageRoutes({ store, clock }),
    ...docsRoutes(() => table),
  ]
  const table = [...health, ...routes]
  const server = createServer({ config, accounts, identity, health, routes, pageFolder, newId, log })

  const sweeper = setInterval(sweep, sweepEveryMs)
  sweeper.unref()
  function sweep(): void {
    const dayAgo = clock.now() - dayMs
    store.turns.forgetEventsBefore(dayAgo)
    store.idempotency.forgetBefore(dayAgo)
    removeHidden(store, files, owners).catch((cause: unknown) =>
      log.error({ err: cause }, 'removing what was left of conversations failed'),
    )
    removeExpired(imageParts).catch((cause: unknown) =>
      log.error({ err: cause }, 'removing what expired failed'),
    )
  }

  /** What this process or another one had to leave since. */
  let recovering: Promise<void> | undefined
  const recoverer = setInterval(() => {
    recovering ??= recover(turnParts, owners, 0)
      .catch((cause: unknown) => log.error({ err: cause }, 'taking up what was left failed'))
      .finally(() => (recovering = undefined))
  }, recoverEveryMs)
  recoverer.unref()

  const stopListing = new AbortController()
  function listModels(): void {
    if (!catalogue.offline) void providers.refresh(catalogue, stopListing.signal)
  }
  const lister = setInterval(listModels, relistEveryMs)
  lister.unref()

  return {
    http: createListener(server, { newId, log }),
    routes: table,
    offline: catalogue.offline,
    begin() {
      chores.atStart(async () => {
        await pictures.sweepAll(sweepBefore(owners), stillNeeded(turnParts))
        await removeHidden(store, files, owners)
        const { exists } = store.copies
        // What a process that lives is importing looks the same.
        await sweepArrivingFolders({ storageDir, exists, before: owners.livingSince() })
      })
      listModels()
    },
    drain: (graceMs) => runner.drain(graceMs),
    async close(graceMs) {
      clearInterval(sweeper)
      clearInterval(recoverer)
      clearInterval(lister)
      stopListing.abort()
      await runner.drain(graceMs)
      await recovering
      await chores.close()
      await providers.close()
      owners.release()
      store.close()
      db.close()
    },
  }
}
