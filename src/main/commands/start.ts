import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { demoShopId } from '../../demo/demoShop';
import { type ShopId, toUserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { type Gateway, startGateway } from '../compose';
import { type Config, processConfig } from '../config';
import { type Database, openDatabase } from '../database';
import type { JwtSettings } from '../http/jwt';
import { createLogger } from '../logger';
import { openEncoder } from '../openEncoder';
import { seedDemoShop } from '../seedDemo';
import { listenForStop, surviveClosedOutput } from '../stopRequest';
import { jwtSettingsOf, signToken } from '../tokens';
import { isInsight } from '../trainables';
import { createWorker } from '../worker';
import { formatSeedSummary } from './demo';
import { trainInForeground } from './train';
import { formatRuns } from './trainingTable';

const developmentTokenSeconds = 30 * 24 * 3600;
const demoSeed = 1;

/** Adds `affinity start` to the program. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Open and migrate the database, seed an empty one with the demo shop, train, and serve')
    .action(startCommand);
}

/** Runs `work` with a progress bar on standard error if it is a terminal. */
async function withBar<Result>(
  label: string,
  work: (update: (share: number) => void) => Promise<Result>,
): Promise<Result> {
  const format = `${label.padEnd(22)} {bar} {percentage}% | {duration_formatted}`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  bar.start(1000, 0);
  try {
    return await work(share => bar.update(Math.round(share * 1000)));
  } finally {
    bar.stop();
  }
}

/** Seeds an empty database, so that the first queries have results. */
async function fillWhenEmpty({ stores }: Database, config: Config): Promise<void> {
  const shops = await stores.shops.list();
  const isBegun = (await stores.importRuns.find(demoShopId, 'demo-shop'))?.finishedAt === null;
  if (!config.seedsDemo || (shops.length > 0 && !isBegun)) return;
  console.log('The database is empty: creating the demo shop.');
  const settings = { seed: demoSeed, scale: config.demoScale, now: Date.now() };
  const stages = ['catalogue', 'people', 'campaigns', 'posts', 'events'];
  const summary = await withBar('Demo shop', update =>
    seedDemoShop(stores, {
      ...settings,
      onProgress: ({ stage, done, total }) =>
        update((stages.indexOf(stage) + Math.min(1, done / Math.max(1, total))) / stages.length),
    }),
  );
  console.log(formatSeedSummary(summary));
}

/**
 * Trains shops that have events but no model, before requests are served. Insights are left to the worker if it runs in
 * this process, so that the start does not wait for the training of a network.
 *
 * @returns whether a shop was trained
 */
async function trainWhenUntrained(
  { stores }: Database,
  config: Config,
  signal: AbortSignal,
): Promise<boolean> {
  const models = config.models.filter(name => !(config.runsWorker && isInsight(name)));
  let isTrained = false;
  for (const { id } of await stores.shops.list()) {
    if ((await stores.artifacts.liveOf(id)).length > 0 || (await stores.interactions.count(id)) === 0)
      continue;
    const runs = await withBar(`Training "${id}"`, update =>
      trainInForeground({
        stores,
        shopId: id,
        models,
        seed: 1,
        threads: config.threads,
        signal,
        onProgress: (model, share) => update((models.indexOf(model) + share) / models.length),
        openEncoder: () => openEncoder(config),
      }),
    );
    console.log(formatRuns(runs));
    isTrained = true;
  }
  return isTrained;
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

function describe(gateway: Gateway, database: Database, config: Config, sinceMs: number): void {
  const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
  console.log(`\nAffinity is ready after ${seconds} s.`);
  console.log(`  GraphQL     ${gateway.url}/graphql`);
  console.log(`  Playground  ${gateway.url}/playground`);
  console.log(`  Health      ${gateway.url}/health/ready   Metrics ${gateway.url}/metrics`);
  console.log(`  Database    ${database.isEmbedded ? `embedded, in ${config.dataDir}` : 'DATABASE_URL'}`);
}

async function serve(
  database: Database,
  config: Config,
  startedAt: number,
  stop: AbortSignal,
): Promise<() => Promise<void>> {
  const logger = createLogger(config.logLevel);
  const jwt = await jwtSettingsOf(config);
  await fillWhenEmpty(database, config);
  const isFirst = await trainWhenUntrained(database, config, stop);
  const gateway = await startGateway({ config, database, jwt, logger });
  const worker = config.runsWorker
    ? createWorker({
        stores: database.stores,
        queue: gateway.queue,
        databaseUrl: database.url,
        threads: config.threads,
        retrainMinutes: config.retrainMinutes,
        models: config.models,
        encoding: { encoder: config.encoder, dataDir: config.dataDir },
        logger,
        onError: gateway.onError,
      })
    : null;
  await worker?.start();
  if (isFirst) await worker?.queueTrainings();
  describe(gateway, database, config, startedAt);
  if (!config.isProduction) await printTokens(gateway, database, jwt);
  return async () => {
    await Promise.all([worker?.stop(), gateway.drain()]);
    await gateway.close();
  };
}

async function startCommand(): Promise<void> {
  const startedAt = performance.now();
  const config = processConfig();
  const stop = listenForStop(config);
  surviveClosedOutput();
  const database = await openDatabase({ config, onLog: message => console.log(message) });
  try {
    const close = await serve(database, config, startedAt, stop.signal);
    console.log(`Stopping after ${await stop.requested}: finishing active requests.`);
    await close();
  } finally {
    await database.close();
  }
}
