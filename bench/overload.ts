// What other callers notice of a flood: shoppers' lists and the health routes, before and during
//   - 64 connections without a credential,
//   - two requests per second without a credential, each with a variable of 500,000 values (1 MB),
//   - requests of shoppers at a multiple of the measured capacity.
// Load generators and gateway share the processors, so each phase also prints the CPU time of everything that ran. What a
// flood costs the gateway is the CPU time of its main thread in a phase with the flood alone.
// node scripts/bench.mjs overload [--seconds 8] [--connections 20] [--multiple 8] [--keep DIR]
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { cpuBetween, cpuTimeOf } from './cpuTime';
import { environmentLine, medianOf } from './environment';
import { benchToken, freePort, queryGraphql, runAffinity, startGatewayProcess } from './gatewayProcess';
import { formatLoad, type LoadResult, runLoad } from './load';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    connections: { type: 'string', default: '20' },
    multiple: { type: 'string', default: '8' },
    keep: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const multiple = Number(options.multiple);
const floodConnections = 400;

const listQuery = `query Lists($userId: ID!) {
  viewer(userId: $userId) {
    recommendations(first: 20, placement: "bench") { listId items { nodes { rank product { productId title } } } }
  }
}`;

interface Target {
  readonly pid: number;
  readonly url: string;
  /** Of the health thread. */
  readonly healthUrl: string;
  readonly token: string;
  readonly userIds: readonly string[];
}

async function targetOf(pid: number, url: string, healthUrl: string): Promise<Target> {
  const admin = await benchToken('demo', 'ADMIN');
  const { users } = await queryGraphql(url, admin, { query: '{ users(first: 100) { nodes { userId } } }' });
  const { nodes } = users as { readonly nodes: readonly { readonly userId: string }[] };
  return {
    pid,
    url,
    healthUrl,
    token: await benchToken('demo', 'STOREFRONT'),
    userIds: nodes.map(({ userId }) => userId),
  };
}

const shoppers = ({ url, token, userIds }: Target, requestsPerSecond?: number): Promise<LoadResult> =>
  runLoad({
    url,
    token,
    query: listQuery,
    variables: userIds.map(userId => ({ userId })),
    isTracking: false,
    connections: requestsPerSecond === undefined ? connections : floodConnections,
    seconds,
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
  });

const anonymous = ({ url, userIds }: Target): Promise<LoadResult> =>
  runLoad({
    url,
    token: null,
    query: listQuery,
    variables: userIds.map(userId => ({ userId })),
    isTracking: false,
    connections: 64,
    seconds,
  });

const manyValues = `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":[${'1,'.repeat(499_999)}1]}}`;

/** Sends two large requests per second without waiting for the responses. Returns the CPU seconds of this process. */
async function sendManyValues({ url }: Target): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const cpuBefore = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  const sent: Promise<unknown>[] = [];
  while (performance.now() < until) {
    const response = fetch(`${url}/graphql`, { method: 'POST', headers, body: manyValues });
    sent.push(
      response.then(
        received => received.arrayBuffer(),
        () => null,
      ),
    );
    await pause(500);
  }
  await Promise.all(sent);
  const { user, system } = process.cpuUsage(cpuBefore);
  return (user + system) / 1e6;
}

/** Milliseconds of one health request, over a connection of its own as an orchestrator makes it. */
const probe = (address: string): Promise<number> =>
  new Promise(resolve => {
    const startedAt = performance.now();
    const done = () => resolve(performance.now() - startedAt);
    const sent = request(address, { agent: new Agent(), timeout: 20_000 }, response => {
      response.resume().once('end', done);
    });
    sent.once('error', done);
    sent.end();
  });

/** Asks for the health every 100 ms until the work is done, and prints how long the responses took. */
async function watchHealth(name: string, { url, healthUrl }: Target, work: Promise<unknown>): Promise<void> {
  const times = new Map<string, Promise<number>[]>(
    [url, healthUrl].flatMap(base => [
      [`${base}/health/live`, []],
      [`${base}/health/ready`, []],
    ]),
  );
  let isDone = false;
  const finished = work.then(() => {
    isDone = true;
  });
  await pause(1000);
  while (!isDone) {
    for (const [address, probes] of times) probes.push(probe(address));
    await pause(100);
  }
  await finished;
  for (const [address, probes] of times) {
    const sorted = (await Promise.all(probes)).sort((left, right) => left - right);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
    console.log(
      `${name}: ${address.replace(healthUrl, 'health port ').replace(url, '')} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${sorted.length} probes)`,
    );
  }
}

interface Phase {
  readonly listsPerSecond: number;
  /** CPU milliseconds of the gateway's main thread per list. */
  readonly cpuPerListMs: number;
}

/** Runs a phase, and prints the CPU seconds that each process took in it. */
async function measurePhase(
  name: string,
  { pid }: Target,
  run: () => Promise<{ readonly lists: LoadResult | null; readonly floodCpu: number }>,
): Promise<Phase> {
  const before = cpuTimeOf(pid);
  const startedAt = performance.now();
  const { lists, floodCpu } = await run();
  const elapsed = (performance.now() - startedAt) / 1000;
  const { mainThread, otherThreads, database, machine } = cpuBetween(before, cpuTimeOf(pid));
  const served = lists === null ? 0 : lists.answers - lists.failed;
  const generators = (lists?.cpuSeconds ?? 0) + floodCpu;
  const others = Math.max(0, machine - mainThread - otherThreads - database - generators);
  if (lists !== null) console.log(formatLoad(name, lists));
  const ofCore = (100 * mainThread) / elapsed;
  console.log(
    `${lists === null ? name.padEnd(34) : '  '} CPU seconds of ${elapsed.toFixed(1)}: gateway ${mainThread.toFixed(2)} (${ofCore.toFixed(1)} % of a core), its other threads ${otherThreads.toFixed(2)}, PostgreSQL ${database.toFixed(2)}, shoppers' generator ${(lists?.cpuSeconds ?? 0).toFixed(2)}, flood's generator ${floodCpu.toFixed(2)}, the rest of the machine ${others.toFixed(2)}`,
  );
  return { listsPerSecond: served / seconds, cpuPerListMs: (1000 * mainThread) / Math.max(1, served) };
}

/** Measures shoppers before, beside and after a flood, and then the flood alone. */
async function measureFlood(name: string, target: Target, flood: () => Promise<number>): Promise<void> {
  const alone = () =>
    measurePhase('shoppers alone', target, async () => ({ lists: await shoppers(target), floodCpu: 0 }));
  const phases = [await alone()];
  const beside = await measurePhase(`beside ${name}`, target, async () => {
    const flooding = flood();
    return { lists: await shoppers(target), floodCpu: await flooding };
  });
  phases.push(await alone());
  await measurePhase(`only ${name}`, target, async () => ({ lists: null, floodCpu: await flood() }));
  const listsPerSecond = medianOf(phases.map(phase => phase.listsPerSecond));
  const cpuPerListMs = medianOf(phases.map(phase => phase.cpuPerListMs));
  console.log(
    `  ${name}: ${(100 - (100 * beside.listsPerSecond) / listsPerSecond).toFixed(1)} % fewer lists than before and after; gateway CPU per list ${cpuPerListMs.toFixed(2)} → ${beside.cpuPerListMs.toFixed(2)} ms`,
  );
}

async function measure(target: Target): Promise<void> {
  await shoppers(target);
  await measurePhase('nobody', target, async () => ({
    lists: null,
    floodCpu: await pause(seconds * 500, 0),
  }));
  await measureFlood('64 without a credential', target, async () => {
    const result = await anonymous(target);
    console.log(formatLoad('  64 without a credential', result));
    return result.cpuSeconds;
  });
  await measureFlood('two times 500,000 values/s', target, () => sendManyValues(target));

  const alone = await shoppers(target);
  const rate = Math.round(alone.perSecond * multiple);
  const overload = shoppers(target, rate);
  const watching = watchHealth(`at ${multiple} times capacity (${rate}/s)`, target, overload);
  await measurePhase('shoppers, overloaded', target, async () => ({ lists: await overload, floodCpu: 0 }));
  await watching;
  const result = await overload;
  console.log(`  lists per second: ${Math.round((result.answers - result.failed) / seconds)}`);
}

async function main(): Promise<void> {
  console.log(environmentLine());
  const dataDir = options.keep ?? mkdtempSync(join(tmpdir(), 'affinity-overload-'));
  try {
    const port = await freePort();
    const env = {
      AFFINITY_DEMO: 'true',
      AFFINITY_DEMO_SCALE: '0.5',
      AFFINITY_HEALTH_PORT: String(port),
      AFFINITY_WORKER: 'false',
    };
    // A gateway that trains its first models takes CPU time from everything that is measured here.
    await runAffinity({ dataDir, env }, 'demo', 'seed', '--scale', '0.5');
    await runAffinity({ dataDir, env }, 'train', '--shop', 'demo');
    const gateway = await startGatewayProcess({ dataDir, env });
    await measure(await targetOf(gateway.pid, gateway.url, `http://127.0.0.1:${port}`));
    await gateway.end('SIGTERM');
  } finally {
    if (options.keep === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

void main();
