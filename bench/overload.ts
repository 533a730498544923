// What other callers notice of a flood: shoppers' lists and the health routes, before and during
//   - 64 connections without a credential,
//   - two requests per second without a credential, each with a variable of 500,000 values (1 MB),
//   - requests of shoppers at a multiple of the measured capacity.
// node scripts/bench.mjs overload [--seconds 8] [--connections 20] [--multiple 8] [--keep DIR]
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { environmentLine } from './environment';
import { benchToken, freePort, queryGraphql, startGatewayProcess } from './gatewayProcess';
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
  readonly url: string;
  /** Of the health thread. */
  readonly healthUrl: string;
  readonly token: string;
  readonly userIds: readonly string[];
}

async function targetOf(url: string, healthUrl: string): Promise<Target> {
  const admin = await benchToken('demo', 'ADMIN');
  const { users } = await queryGraphql(url, admin, { query: '{ users(first: 100) { nodes { userId } } }' });
  const { nodes } = users as { readonly nodes: readonly { readonly userId: string }[] };
  return {
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
    seconds: seconds + 2,
  });

const manyValues = `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":[${'1,'.repeat(499_999)}1]}}`;

/** Sends two large requests per second without waiting for the responses. */
async function sendManyValues({ url }: Target): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const until = performance.now() + (seconds + 1) * 1000;
  while (performance.now() < until) {
    fetch(`${url}/graphql`, { method: 'POST', headers, body: manyValues }).then(
      response => response.arrayBuffer(),
      () => null,
    );
    await pause(500);
  }
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

async function measure(target: Target): Promise<void> {
  await shoppers(target);
  const alone = await shoppers(target);
  console.log(formatLoad('shoppers alone', alone));
  const compare = (name: string, result: LoadResult) => {
    console.log(formatLoad(name, result));
    console.log(`  ${Math.round(100 - (100 * result.perSecond) / alone.perSecond)} % fewer lists than alone`);
  };

  const flood = anonymous(target);
  await pause(1000);
  compare('beside 64 without a credential', await shoppers(target));
  console.log(formatLoad('  those 64', await flood));

  const large = sendManyValues(target);
  await pause(500);
  compare('beside two times 500,000 values/s', await shoppers(target));
  await large;

  const rate = Math.round(alone.perSecond * multiple);
  const overload = shoppers(target, rate);
  await watchHealth(`at ${multiple} times capacity (${rate}/s)`, target, overload);
  const result = await overload;
  console.log(formatLoad('shoppers, overloaded', result));
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
    };
    const gateway = await startGatewayProcess({ dataDir, env });
    await measure(await targetOf(gateway.url, `http://127.0.0.1:${port}`));
    await gateway.end('SIGTERM');
  } finally {
    if (options.keep === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

void main();
