import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Profile {
  /** Microseconds on the monotonic clock, which processes share. */
  readonly startTime: number;
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const bottom = 'Node (HTTP parser, sockets, timers)';

/**
 * Category of a frame's self time, by its file; the first match counts. Frames of Node and frames without a file belong to
 * the category of their caller, so that socket writes of the driver count as the driver's.
 */
const places: readonly (readonly [RegExp, string])[] = [
  [/dist\/models\/|dist\/numeric\/|^wasm:/, 'scoring (models, kernels)'],
  [/dist\/serving\//, 'serving (history, filters, ranking, lists)'],
  [/node_modules\/(@prisma|prisma|\.prisma)|dist\/store\/prisma/, 'store (Prisma)'],
  [/node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+)\//, 'store (pg driver)'],
  [/node_modules\/jose\/|dist\/main\/http\/(jwt|authenticator|apiKeyChecker|shortMemory)/, 'authentication'],
  [/dist\/graphql\/execution\//, 'GraphQL execution (planned)'],
  [/node_modules\/graphql\//, 'GraphQL parse, validate, coerce'],
  [/node_modules\/(@apollo|@as-integrations)\//, 'Apollo Server'],
  [/node_modules\/(type-graphql|dataloader|graphql-scalars)\/|dist\/graphql\//, 'resolvers and loaders'],
  [/node_modules\/(prom-client|pino|sonic-boom)\/|dist\/main\/http\/metrics/, 'metrics and log'],
  [/node_modules\/(fastify|@fastify|avvio|find-my-way|light-my-request|secure-json-parse)/, 'Fastify'],
  [/dist\/main\//, 'HTTP glue (dist/main)'],
];

function placeOf({ callFrame: { functionName, url } }: ProfileNode, caller: string): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)') return 'idle';
  if (functionName === '(program)') return 'native code (sockets, crypto, JSON)';
  if (url === '' || url.startsWith('node:')) return caller;
  return places.find(([pattern]) => pattern.test(url.replaceAll('\\', '/')))?.[1] ?? 'other JavaScript';
}

function readProfile(folder: string): Profile | null {
  const profiles = readdirSync(folder).filter(name => name.endsWith('.cpuprofile'));
  const texts = profiles.map(name => readFileSync(join(folder, name), 'utf8'));
  const largest = texts.reduce((found, text) => (text.length > found.length ? text : found), '');
  return largest === '' ? null : (JSON.parse(largest) as Profile);
}

/** Measured interval, in microseconds of the monotonic clock; samples outside it are ignored. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The monotonic clock, in microseconds. */
export const monotonicNow = (): number => Number(process.hrtime.bigint() / 1000n);

function ownTimes({ startTime, samples, timeDeltas }: Profile, window: Window): ReadonlyMap<number, number> {
  const own = new Map<number, number>();
  let time = startTime;
  for (let i = 0; i < samples.length; i++) {
    time += timeDeltas[i];
    if (time < window.from || time > window.to) continue;
    own.set(samples[i], (own.get(samples[i]) ?? 0) + timeDeltas[i]);
  }
  return own;
}

/** Returns the functions with the largest self time, with their share of the non-idle time. */
export function hottestIn(
  folder: string,
  window: Window,
  count: number,
): readonly (readonly [string, number])[] {
  const profile = readProfile(folder);
  if (profile === null) return [];
  const own = ownTimes(profile, window);
  const totals = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    if (callFrame.functionName === '(idle)') continue;
    const file = callFrame.url.split('/').slice(-3).join('/');
    const name = `${callFrame.functionName || '(anonymous)'} ${file}:${callFrame.lineNumber + 1}`;
    totals.set(name, (totals.get(name) ?? 0) + (own.get(id) ?? 0));
  }
  const sum = [...totals.values()].reduce((all, time) => all + time, 0);
  return [...totals]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, time]) => [name, time / sum] as const);
}

/**
 * Returns the shares of a profile's non-idle CPU time by category, largest first.
 *
 * @param folder - folder of --cpu-prof; the largest file is read, as the others belong to short-lived threads
 */
export function cpuSharesIn(folder: string, window: Window): readonly (readonly [string, number])[] {
  const profile = readProfile(folder);
  if (profile === null) return [];
  const totals = totalsOf(profile.nodes, ownTimes(profile, window));
  totals.delete('idle');
  const sum = [...totals.values()].reduce((all, time) => all + time, 0);
  return [...totals].map(([place, time]) => [place, time / sum] as const).sort((a, b) => b[1] - a[1]);
}

function totalsOf(nodes: readonly ProfileNode[], own: ReadonlyMap<number, number>): Map<string, number> {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const totals = new Map<string, number>();
  const walk: (readonly [number, string])[] = [[nodes[0].id, bottom]];
  for (let next = walk.pop(); next !== undefined; next = walk.pop()) {
    const node = byId.get(next[0]);
    if (node === undefined) continue;
    const place = placeOf(node, next[1]);
    totals.set(place, (totals.get(place) ?? 0) + (own.get(node.id) ?? 0));
    for (const child of node.children ?? []) walk.push([child, place]);
  }
  return totals;
}

const ticksPerSecond = 100;

/** CPU seconds used so far by a process and by the PostgreSQL over its data folder; null without /proc. */
export function cpuSecondsOf(
  pid: number,
  dataDir: string,
): { readonly gateway: number; readonly postgres: number } | null {
  const used = (id: string): number => {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').pop()?.split(' ') ?? [];
      // utime, stime, and those of finished children (closed connections).
      return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / ticksPerSecond;
    } catch {
      return 0;
    }
  };
  const isPostgres = (id: string): boolean => {
    try {
      return readlinkSync(`/proc/${id}/cwd`) === join(dataDir, 'postgres');
    } catch {
      return false;
    }
  };
  try {
    const ids = readdirSync('/proc').filter(name => /^\d+$/.test(name));
    return {
      gateway: used(String(pid)),
      postgres: ids.filter(isPostgres).reduce((sum, id) => sum + used(id), 0),
    };
  } catch {
    return null;
  }
}
