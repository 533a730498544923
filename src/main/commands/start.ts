import type { Command } from 'commander';
import type { Logger } from 'pino';
import { demoShopId } from '../../demo/demoShop';
import { GatewayError } from '../../domain/errors';
import { type ShopId, toUserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { isUntrained } from '../../training/firstModels';
import { checkPrerequisites } from '../checks/prerequisites';
import { type Gateway, startGateway } from '../compose';
import { type Config, processConfig } from '../config';
import { type Database, openDatabase } from '../database';
import { waitForRuns } from '../firstModels';
import type { JwtSettings } from '../http/jwt';
import { createLogger } from '../logger';
import { withProgress } from '../progress';
import { seedDemoShop, shareOf } from '../seedDemo';
import { listenForStop, type StopRequest } from '../stopRequest';
import { jwtSettingsOf, signToken } from '../tokens';
import { isInsight } from '../trainables';
import type { Trainer } from '../trainer';
import { createWorker } from '../worker';
import { formatSeedSummary } from './demo';
import { formatRuns } from './trainingTable';

const developmentTokenSeconds = 30 * 24 * 3600;
const demoSeed = 1;

/** Adds `affinity start` to the program. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Open and migrate the database, serve, seed an empty one with the demo shop, and train')
    .action(startCommand);
}

/** Whether the demo shop is wanted, and missing or written in part. */
async function needsDemo({ stores }: Database, { seedsDemo }: Config): Promise<boolean> {
  if (!seedsDemo) return false;
  const isBegun = (await stores.importRuns.find(demoShopId, 'demo-shop'))?.finishedAt === null;
  return isBegun || (await stores.shops.list()).length === 0;
}

/** Writes the demo shop, so that the first queries have results. */
async function writeDemo({ stores }: Database, { demoScale }: Config, signal: AbortSignal): Promise<void> {
  console.log('The database is empty: creating the demo shop.');
  const settings = { seed: demoSeed, scale: demoScale, now: Date.now() };
  const summary = await withProgress('Demo shop', update =>
    seedDemoShop(stores, {
      ...settings,
      onProgress: progress => {
        // A shop that is written in part is completed by the next start.
        signal.throwIfAborted();
        update(shareOf(progress), progress.stage);
      },
    }),
  );
  console.log(formatSeedSummary(summary));
}

/** A gateway with what it needs, while it starts. */
interface Starting {
  readonly database: Database;
  readonly config: Config;
  readonly gateway: Gateway;
  /** Null when another process runs training jobs. */
  readonly worker: Trainer | null;
  readonly signal: AbortSignal;
}

/** Waits for the first models of a shop, and prints them. Its insights are trained later. */
async function waitForModels(starting: Starting, shopId: ShopId): Promise<void> {
  const { database, config, gateway, signal } = starting;
  const runs = await withProgress(`Training "${shopId}"`, update =>
    waitForRuns({
      stores: database.stores,
      queue: gateway.queue,
      shopId,
      models: config.models.filter(name => !isInsight(name)),
      signal,
      onProgress: ({ ended, of, model }) => update(of === 0 ? 1 : ended / of, model),
      onError: gateway.onError,
    }),
  );
  const ended = runs.filter(({ finishedAt }) => finishedAt !== null);
  if (ended.length > 0) console.log(formatRuns(ended));
}

/** Has shops that have events but no model trained, and waits for their models when this process trains them. */
async function trainFirstModels(starting: Starting): Promise<void> {
  const { stores } = starting.database;
  const untrained: ShopId[] = [];
  for (const { id } of await stores.shops.list()) {
    if (await isUntrained(stores, id)) untrained.push(id);
  }
  if (untrained.length === 0) return;
  const names = untrained.map(id => `"${id}"`).join(', ');
  console.log(`No models yet: ${names}. Until they are trained, lists hold popular and new products.`);
  if (starting.worker === null) {
    console.log('AFFINITY_WORKER is false: an `affinity worker` trains them.');
    return;
  }
  try {
    await starting.worker.queueFirstTrainings();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'UNAVAILABLE') throw error;
    starting.gateway.onError(error);
    console.log('The job queue does not respond: models are trained when it does.');
    return;
  }
  for (const id of untrained) {
    await waitForModels(starting, id);
    starting.signal.throwIfAborted();
  }
}

async function exampleShopper({ stores }: Database, shopId: ShopId): Promise<string> {
  const { rows } = await stores.users.page(shopId, { first: 1 });
  return rows[0]?.id ?? 'visitor';
}

async function printTokens(gateway: Gateway, database: Database, jwt: JwtSettings): Promise<void> {
  const shop = (await database.stores.shops.list())[0];
  if (shop === undefined || jwt.keys.kind !== 'secret') return;
  const shopper = await exampleShopper(database, shop.id);
  const sign = (role: Role) => {
    const userId = role === 'SHOPPER' ? toUserId(shopper) : null;
    return signToken(jwt, { shopId: shop.id, role, userId }, developmentTokenSeconds);
  };
  console.log(`\nTokens of shop "${shop.id}" for development, valid for 30 days:`);
  for (const role of ['SHOPPER', 'STOREFRONT', 'INGEST', 'MERCHANDISER', 'ADMIN'] as const) {
    const whom = role === 'SHOPPER' ? ` (${shopper})` : '';
    console.log(`\n${role}${whom}\n${await sign(role)}`);
  }
  const query =
    '{ viewer { recommendations(first: 5) { strategy items { nodes { rank product { title } } } } } }';
  console.log('\nA first query:');
  console.log(
    `curl -s ${gateway.url}/graphql -H 'content-type: application/json' -H "authorization: Bearer ${await sign('SHOPPER')}" -d '${JSON.stringify({ query })}'`,
  );
}

const secondsSince = (startedAt: number): string => ((performance.now() - startedAt) / 1000).toFixed(1);

function describe(gateway: Gateway, database: Database, config: Config, startedAt: number): void {
  console.log(`\nAffinity is ready after ${secondsSince(startedAt)} s.`);
  console.log(`  GraphQL     ${gateway.url}/graphql`);
  console.log(`  Playground  ${gateway.url}/playground`);
  console.log(`  Health      ${gateway.url}/health/ready   Metrics ${gateway.url}/metrics`);
  console.log(`  Database    ${database.isEmbedded ? `embedded, in ${config.dataDir}` : 'DATABASE_URL'}`);
}

function openWorker({ database, config, gateway }: Omit<Starting, 'worker'>, logger: Logger): Trainer | null {
  if (!config.runsWorker) return null;
  return createWorker({
    stores: database.stores,
    queue: gateway.queue,
    databaseUrl: database.url,
    threads: config.threads,
    retrainMinutes: config.retrainMinutes,
    models: config.models,
    encoding: { encoder: config.encoder, dataDir: config.dataDir },
    logger,
    onError: gateway.onError,
  });
}

/** Fills and trains what is empty, while the gateway listens. @throws the reason of `signal` when a stop was requested */
async function prepare(starting: Starting, demo: DemoState): Promise<void> {
  const { database, config, worker, signal } = starting;
  if (!demo.isReady) await writeDemo(database, config, signal);
  demo.isReady = true;
  signal.throwIfAborted();
  await worker?.start();
  await trainFirstModels(starting);
  signal.throwIfAborted();
}

/** Whether the demo shop is written, or not wanted. */
interface DemoState {
  isReady: boolean;
}

/**
 * Starts the gateway and its worker. It listens first: seeding and training run while it responds.
 *
 * @returns how to close both
 * @throws the reason of `signal` when a stop was requested before they were ready
 */
async function serve(
  database: Database,
  config: Config,
  startedAt: number,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const logger = createLogger(config.logLevel);
  const jwt = await jwtSettingsOf(config);
  const demo: DemoState = { isReady: !(await needsDemo(database, config)) };
  const readiness = demo.isReady ? [] : [{ name: 'demoShop', isReady: () => demo.isReady }];
  const gateway = await startGateway({ config, database, jwt, logger, readiness });
  const worker = openWorker({ database, config, gateway, signal }, logger);
  const close = async () => {
    await Promise.all([worker?.stop(), gateway.drain()]);
    await gateway.close();
  };
  console.log(`Listening on ${gateway.url} after ${secondsSince(startedAt)} s.`);
  await prepare({ database, config, gateway, worker, signal }, demo).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  describe(gateway, database, config, startedAt);
  if (!config.isProduction) await printTokens(gateway, database, jwt);
  return close;
}

/** Opens database and gateway, and returns how to close them; null when a stop was requested before they were ready. */
async function open(config: Config, stop: StopRequest): Promise<(() => Promise<void>) | null> {
  const startedAt = performance.now();
  let database: Database | undefined;
  try {
    const onLog = (message: string) => console.log(message);
    await checkPrerequisites(config, onLog);
    database = await openDatabase({ config, onLog });
    const close = await serve(database, config, startedAt, stop.signal);
    return () => close().finally(() => database?.close());
  } catch (error) {
    await database?.close();
    if (stop.signal.aborted) return null;
    throw error;
  }
}

async function startCommand(): Promise<void> {
  const config = processConfig();
  const stop = listenForStop(config);
  const close = await open(config, stop);
  if (close === null) {
    console.log('Stopped before the gateway was ready. The next start continues from here.');
    process.exitCode = stop.exitCode();
    return;
  }
  console.log(`Stopping after ${await stop.requested}: finishing active requests.`);
  await close();
}
