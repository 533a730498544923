// Recommendations over HTTP: 20 items with nested product, 20 connections. Alternates in one run between the real gateway
// (own process, real PostgreSQL) and Mercurius with JIT, which returns the same lists from memory. Then prints the
// gateway's CPU time by category, from a profile.
// node scripts/bench.mjs http [--data demo|online-retail] [--seconds 8] [--runs 3] [--connections 20] [--keep DIR] [--top 25]
//   [--url URL --token TOKEN]   measure a running gateway instead (no profile)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSecondsOf, cpuSharesIn, hottestIn, monotonicNow } from './cpuShares';
import { environmentLine, medianOf } from './environment';
import {
  benchToken,
  type GatewayHome,
  queryGraphql,
  runAffinity,
  startGatewayProcess,
} from './gatewayProcess';
import { formatLoad, type LoadResult, runLoad } from './load';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: 'demo' },
    seconds: { type: 'string', default: '8' },
    runs: { type: 'string', default: '3' },
    connections: { type: 'string', default: '20' },
    keep: { type: 'string' },
    top: { type: 'string', default: '0' },
    url: { type: 'string' },
    token: { type: 'string' },
  },
});
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const shop = options.data === 'demo' ? 'demo' : 'retail';
const retailFile = join(process.cwd(), '..', 'shared', 'data', 'online-retail', 'online_retail.csv.gz');

const query = `query Recommendations($userId: ID!) {
  viewer(userId: $userId) {
    recommendations(first: 20, placement: "bench") {
      listId strategy modelVersion degraded
      items(first: 20) {
        nodes { rank score source product { productId title categoryPath price { amountMinor currency } inStock } }
      }
    }
  }
}`;

interface Answer {
  readonly recommendations: {
    readonly strategy: string;
    readonly items: { readonly nodes: readonly unknown[] };
  };
}

/** Models that are trained before the measurement; no insight is. */
const models = 'popularity,trending,item-neighbours,collaborative,markov,content,baskets,ensemble';

/** Fills the shop and trains it, as a gateway that starts does not wait for models. */
async function prepare(home: GatewayHome): Promise<void> {
  if (shop === 'demo') console.log(await runAffinity(home, 'demo', 'seed'));
  else {
    const rejects = join(home.dataDir, 'rejects.jsonl');
    const how = ['--shop', shop, '--preset', 'online-retail', '--rejects', rejects];
    console.log(await runAffinity(home, 'import', ...how, retailFile));
  }
  console.log(await runAffinity(home, 'train', '--shop', shop, '--models', models));
}

/** Queries the recommendations of some shoppers. */
async function collectLists(
  url: string,
  token: string,
): Promise<ReadonlyMap<string, Answer['recommendations']>> {
  const lists = new Map<string, Answer['recommendations']>();
  for (const userId of await listUserIds(url)) {
    const { viewer } = await queryGraphql(url, token, { query, variables: { userId } });
    lists.set(userId, (viewer as Answer).recommendations);
  }
  return lists;
}

async function listUserIds(url: string): Promise<readonly string[]> {
  const token = options.token ?? (await benchToken(shop, 'ADMIN'));
  const ids: string[] = [];
  let after: string | null = null;
  while (ids.length < 400) {
    const page = `query Users($after: String) { users(first: 100, after: $after) { nodes { userId } pageInfo { endCursor hasNextPage } } }`;
    const { users } = (await queryGraphql(url, token, { query: page, variables: { after } })) as {
      readonly users: {
        readonly nodes: readonly { readonly userId: string }[];
        readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
      };
    };
    ids.push(...users.nodes.map(({ userId }) => userId));
    if (!users.pageInfo.hasNextPage) break;
    after = users.pageInfo.endCursor;
  }
  return ids;
}

async function startMercurius(lists: ReadonlyMap<string, unknown>) {
  const child = spawn(process.execPath, [join(__dirname, 'mercurius.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ listsByUser: Object.fromEntries(lists) }));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: line.toString('utf8').trim(),
    async end() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function medianResult(results: readonly LoadResult[]): LoadResult {
  const of = (key: keyof LoadResult) => medianOf(results.map(result => result[key]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p90: of('p90'),
    p99: of('p99'),
    max: of('max'),
    answers: of('answers'),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    bytesPerResponse: of('bytesPerResponse'),
    cpuSeconds: of('cpuSeconds'),
  };
}

interface Target {
  readonly url: string;
  readonly token: string;
  readonly userIds: readonly string[];
}

const load = ({ url, token, userIds }: Target, request: string, duration = seconds): Promise<LoadResult> =>
  runLoad({
    url,
    token,
    query: request,
    variables: userIds.map(userId => ({ userId })),
    isTracking: false,
    connections,
    seconds: duration,
  });

async function compare(gateway: Target, cpu: () => ReturnType<typeof cpuSecondsOf>): Promise<void> {
  const lists = await collectLists(gateway.url, gateway.token);
  const lengths = [...lists.values()].map(({ items }) => items.nodes.length);
  const strategies = new Set([...lists.values()].map(({ strategy }) => strategy));
  console.log(
    `${lists.size} shoppers, ${medianOf(lengths)} items in the median list, strategies ${[...strategies].join(', ')}`,
  );
  const mercurius = await startMercurius(lists);
  const request = { ...gateway, userIds: [...lists.keys()] };
  const peer = { ...request, url: mercurius.url };
  await load(request, query, 3);
  await load(peer, query, 2);
  const [ours, theirs]: [LoadResult[], LoadResult[]] = [[], []];
  for (let run = 1; run <= Number(options.runs); run++) {
    const before = cpu();
    ours.push(await load(request, query));
    const after = cpu();
    console.log(formatLoad(`run ${run}, affinity`, ours[ours.length - 1]));
    if (before !== null && after !== null) {
      const share = (name: 'gateway' | 'postgres') => ((after[name] - before[name]) / seconds).toFixed(2);
      console.log(`  cores in use: gateway ${share('gateway')}, PostgreSQL ${share('postgres')}`);
    }
    theirs.push(await load(peer, query));
    console.log(formatLoad(`run ${run}, mercurius from memory`, theirs[theirs.length - 1]));
  }
  await mercurius.end();
  console.log(formatLoad('median, affinity', medianResult(ours)));
  console.log(formatLoad('median, mercurius + JIT, memory', medianResult(theirs)));
}

const percent = (share: number): string => `${(100 * share).toFixed(1).padStart(5)} %`;

/** Starts the gateway again, under the profiler, and prints the CPU time by category. */
async function profile(home: GatewayHome, token: string): Promise<void> {
  const folder = join(home.dataDir, 'profile');
  rmSync(folder, { recursive: true, force: true });
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
  const gateway = await startGatewayProcess({ ...home, nodeOptions });
  const userIds = await listUserIds(gateway.url);
  const target = { url: gateway.url, token, userIds };
  await load(target, query, 3);
  const from = monotonicNow();
  const result = await load(target, query, Math.max(seconds, 10));
  const window = { from, to: monotonicNow() };
  await gateway.end('SIGTERM');
  console.log(formatLoad('under the profiler', result));
  console.log('CPU time of the gateway process by category:');
  for (const [place, share] of cpuSharesIn(folder, window)) {
    if (share >= 0.005) console.log(`  ${percent(share)}  ${place}`);
  }
  for (const [name, share] of hottestIn(folder, window, Number(options.top)))
    console.log(`  ${percent(share)}  ${name}`);
}

async function measureOwn(): Promise<void> {
  const dataDir = options.keep ?? mkdtempSync(join(tmpdir(), 'affinity-http-'));
  const env = { AFFINITY_DEMO: String(shop === 'demo') };
  const home = { dataDir, env };
  const token = await benchToken(shop, 'STOREFRONT');
  try {
    await prepare(home);
    const first = await startGatewayProcess(home);
    console.log(`gateway ready after ${(first.readyMs / 1000).toFixed(1)} s (database and models)`);
    await compare({ url: first.url, token, userIds: [] }, () => cpuSecondsOf(first.pid, dataDir));
    await first.end('SIGTERM');
    await profile({ ...home, env: { ...env, AFFINITY_WORKER: 'false' } }, token);
  } finally {
    if (options.keep === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  console.log(environmentLine());
  console.log(
    `20 recommendations with nested product, ${connections} connections, ${seconds} s per run, data: ${options.data}`,
  );
  const { url, token } = options;
  if (url === undefined) return await measureOwn();
  if (token === undefined)
    throw new Error('Expected --token of role ADMIN, which may act for shoppers, with --url; got none.');
  await compare({ url, token, userIds: [] }, () => null);
}

void main();
