// Measures durable ingest: events per second through the gateway's store over the embedded PostgreSQL. Calls of many
// rows, as by imports, and 64 concurrent calls of one row, as by storefronts. Run: node scripts/bench.mjs ingest
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toEventId, toProductId, toShopId, toUserId } from '../src/domain/ids';
import { type Interaction, interactionTypes } from '../src/domain/interaction';
import type { Stores } from '../src/store/ports/stores';
import { startEmbeddedPostgres } from '../src/store/prisma/embedded';
import { databaseFacts } from '../src/store/prisma/facts';
import { migrateDatabase } from '../src/store/prisma/migrate';
import { createPrismaStores } from '../src/store/prisma/stores';
import { environmentLine } from './environment';

const users = 20_000;
const products = 5_000;
const shopId = toShopId('bench');
const start = Date.UTC(2026, 0, 1);

/** Generates the same events in every run, by the linear congruential generator of Numerical Recipes. */
function createEvents() {
  let state = 42;
  let made = 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  return (): Interaction => {
    made++;
    return {
      shopId,
      id: toEventId(`event-${made}`),
      userId: toUserId(`user-${draw(users)}`),
      productId: toProductId(`product-${draw(products)}`),
      type: interactionTypes[draw(2)],
      value: null,
      priceMinor: draw(10_000),
      queryText: null,
      sessionId: `session-${draw(100_000)}`,
      occurredAt: start + made * 100,
      receivedAt: start + made * 100,
      attribution: null,
    };
  };
}

/** Fields of /proc/<pid>/stat from the state on; none for a process that has ended. */
function statOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** CPU seconds of PostgreSQL's processes so far, from /proc (Linux; 0 elsewhere). A tick is a hundredth of a second. */
function databaseCpuSeconds(dataDir: string): number {
  const postmaster = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0];
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : [];
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    if (stat[1] === postmaster) ticks += Number(stat[11]) + Number(stat[12]);
  }
  return ticks / 100;
}

/** Runs `work` and reports CPU time per thousand events, which is reliable on a busy machine, unlike wall-clock time. */
async function withCpu(dataDir: string, events: number, work: () => Promise<string>): Promise<string> {
  const [own, database] = [process.cpuUsage(), databaseCpuSeconds(dataDir)];
  const line = await work();
  const { user, system } = process.cpuUsage(own);
  const ownMs = (user + system) / events;
  const databaseMs = (1e6 * (databaseCpuSeconds(dataDir) - database)) / events;
  return `${line}; CPU for 1,000 events: gateway ${ownMs.toFixed(1)} ms, database ${databaseMs.toFixed(1)} ms`;
}

type NextEvent = ReturnType<typeof createEvents>;

const atOnce = (workers: number, work: () => Promise<void>) =>
  Promise.all(Array.from({ length: workers }, work));

async function measureBatches(stores: Stores, next: NextEvent, rows: number, total: number): Promise<string> {
  const batches = Array.from({ length: total / rows }, () => Array.from({ length: rows }, next));
  const began = performance.now();
  await atOnce(2, async () => {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      await stores.interactions.insertMany(batch);
    }
  });
  const seconds = (performance.now() - began) / 1_000;
  return `calls of ${rows} rows, 2 at a time: ${Math.round(total / seconds)} events/s (${total} in ${seconds.toFixed(1)} s)`;
}

async function measureSingles(
  stores: Stores,
  next: NextEvent,
  connections: number,
  total: number,
): Promise<string> {
  const latencies: number[] = [];
  let left = total;
  const began = performance.now();
  await atOnce(connections, async () => {
    while (left-- > 0) {
      const asked = performance.now();
      await stores.interactions.insertMany([next()]);
      latencies.push(performance.now() - asked);
    }
  });
  const seconds = (performance.now() - began) / 1_000;
  latencies.sort((left, right) => left - right);
  const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))].toFixed(1);
  return `calls of 1 row, ${connections} at a time: ${Math.round(total / seconds)} calls/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'affinity-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, onLog: () => undefined });
  try {
    await migrateDatabase(server.url);
    const { version } = await databaseFacts(server.url);
    console.log(`${environmentLine()}, PostgreSQL ${version} with fsync and synchronous_commit on`);
    const stores = await createPrismaStores({ url: server.url, poolSize: 10 });
    const next = createEvents();
    for (const rows of [1_000, 5_000]) {
      console.log(await withCpu(dataDir, 200_000, () => measureBatches(stores, next, rows, 200_000)));
    }
    for (const [connections, calls] of [
      [1, 1_000],
      [64, 20_000],
    ]) {
      console.log(await withCpu(dataDir, calls, () => measureSingles(stores, next, connections, calls)));
    }
    const kept = await stores.interactions.count(shopId);
    console.log(`stored ${kept} of 421000 acknowledged events`);
    await stores.close();
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
