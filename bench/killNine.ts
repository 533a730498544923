// Tests durable ingest under repeated crashes: the real gateway is killed (SIGKILL) during a stream of single-event
// mutations, and each start adopts the PostgreSQL of the killed one. At the end all unacknowledged events are sent again
// and another process exports the store: every acknowledged event must be stored exactly once.
// node scripts/bench.mjs killNine [--rounds 20] [--connections 32] [--seed 1] [--json]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRng } from '../src/numeric/rng';
import { environmentLine, medianOf } from './environment';
import { benchToken, type GatewayHome, runAffinity, startGatewayProcess, trackOne } from './gatewayProcess';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const connections = Number(options.connections);
const rng = createRng(Number(options.seed));
const shop = 'demo';

/** Events sent, by their responses. */
interface Ledger {
  readonly acknowledged: Set<string>;
  readonly unacknowledged: Set<string>;
  /** Reported as duplicates without an earlier acknowledgement: committed, but the response was lost. */
  readonly lostAnswers: Set<string>;
}

type Status = 'accepted' | 'duplicate' | 'unknown';

async function send(url: string, token: string, eventId: string): Promise<Status> {
  const event = {
    eventId,
    userId: `user-${10_001 + ((eventId.length * 31) % 90)}`,
    productId: `sku-${10_001 + ((eventId.length * 17) % 70)}`,
    type: 'VIEW',
  };
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: trackOne, variables: { input: { events: [event] } } }),
    });
    const { data } = (await response.json()) as {
      readonly data?: { readonly eventsTrack: { readonly accepted: number; readonly duplicates: number } };
    };
    if (data?.eventsTrack.accepted === 1) return 'accepted';
    return data?.eventsTrack.duplicates === 1 ? 'duplicate' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Sends events over all connections, one after the other in each, until the gateway is killed. */
async function stream(url: string, token: string, round: number, ledger: Ledger): Promise<void> {
  let isGone = false;
  const connection = async (number: number): Promise<void> => {
    for (let serial = 0; !isGone; serial++) {
      const eventId = `kill-${round}-${number}-${serial}`;
      ledger.unacknowledged.add(eventId);
      const status = await send(url, token, eventId);
      if (status === 'unknown') isGone = true;
      else note(ledger, eventId, status);
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, number) => connection(number)));
}

function note(ledger: Ledger, eventId: string, status: Status): void {
  ledger.unacknowledged.delete(eventId);
  ledger.acknowledged.add(eventId);
  if (status === 'duplicate') ledger.lostAnswers.add(eventId);
}

async function killRound(home: GatewayHome, token: string, round: number, ledger: Ledger): Promise<number> {
  const gateway = await startGatewayProcess(home);
  const streaming = stream(gateway.url, token, round, ledger);
  await pause(200 + rng.int(1801));
  await gateway.end('SIGKILL');
  await streaming;
  return gateway.readyMs;
}

/** Sends all unacknowledged events again, and some acknowledged ones, which must be reported as duplicates. */
async function sendAgain(home: GatewayHome, token: string, ledger: Ledger): Promise<number> {
  const gateway = await startGatewayProcess(home);
  for (const eventId of [...ledger.unacknowledged]) {
    const status = await send(gateway.url, token, eventId);
    if (status !== 'unknown') note(ledger, eventId, status);
  }
  let forgotten = 0;
  for (const eventId of rng.shuffle([...ledger.acknowledged]).slice(0, 1_000)) {
    if ((await send(gateway.url, token, eventId)) !== 'duplicate') forgotten++;
  }
  await gateway.end('SIGTERM');
  return forgotten;
}

/** Counts how often each event of this run is in the store, by an export of another process. */
async function countStored(home: GatewayHome): Promise<ReadonlyMap<string, number>> {
  const file = join(home.dataDir, 'events.jsonl');
  await runAffinity(home, 'export', '--shop', shop, '--kind', 'events', '--out', file);
  const counts = new Map<string, number>();
  for (const [, id] of readFileSync(file, 'utf8').matchAll(/"(kill-\d+-\d+-\d+)"/g)) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

async function main(): Promise<void> {
  if (!options.json) console.log(environmentLine());
  const dataDir = mkdtempSync(join(tmpdir(), 'affinity-kill-'));
  const home = { dataDir, env: { AFFINITY_DEMO_SCALE: '0.05', AFFINITY_WORKER: 'false' } };
  const ledger: Ledger = { acknowledged: new Set(), unacknowledged: new Set(), lostAnswers: new Set() };
  try {
    await (await startGatewayProcess(home)).end('SIGTERM');
    const token = await benchToken(shop, 'INGEST');
    const starts: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const before = ledger.acknowledged.size;
      starts.push(await killRound(home, token, round, ledger));
      const inRound = ledger.acknowledged.size - before;
      if (!options.json) console.log(`round ${round}: ${inRound} acknowledged before the kill`);
    }
    const open = ledger.unacknowledged.size;
    const forgotten = await sendAgain(home, token, ledger);
    report(ledger, await countStored(home), { starts, open, forgotten });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Rounds {
  readonly starts: readonly number[];
  readonly open: number;
  readonly forgotten: number;
}

function report(
  ledger: Ledger,
  stored: ReadonlyMap<string, number>,
  { starts, open, forgotten }: Rounds,
): void {
  const lost = [...ledger.acknowledged].filter(id => !stored.has(id)).length;
  const twice = [...stored.values()].filter(count => count > 1).length;
  const unsent = [...stored.keys()].filter(id => !ledger.acknowledged.has(id)).length;
  const figures = {
    rounds,
    connections,
    acknowledged: ledger.acknowledged.size,
    unanswered: open,
    committedWithoutAnswer: ledger.lostAnswers.size,
    stillUnacknowledged: ledger.unacknowledged.size,
    stored: stored.size,
    lost,
    duplicates: twice,
    strangers: unsent,
    repeatsNotRecognised: forgotten,
    medianStartSeconds: Number((medianOf(starts) / 1000).toFixed(2)),
  };
  const isSound = lost + twice + unsent + forgotten + ledger.unacknowledged.size === 0;
  console.log(
    options.json
      ? JSON.stringify(figures)
      : Object.entries(figures)
          .map(([k, v]) => `${k}: ${v}`)
          .join('\n'),
  );
  console.log(isSound ? 'Every acknowledged event is stored exactly once.' : 'NOT SOUND: see above.');
  if (!isSound) process.exitCode = 1;
}

void main();
