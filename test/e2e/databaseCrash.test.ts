import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import pino from 'pino';
import { toShopId } from '../../src/domain/ids';
import { type Gateway, startGateway } from '../../src/main/compose';
import { parseConfig } from '../../src/main/config';
import { type Database, openDatabase } from '../../src/main/database';
import { readPostmaster } from '../../src/store/prisma/embedded/postmaster';
import { isAlive } from '../../src/store/prisma/embedded/processIdentity';
import { testJwt, tokenFor } from '../support/tokens';

const kills = 10;
const writers = 3;
const eventsPerCall = 5;
/** Acknowledged events between two kills. */
const eventsPerKill = 100;

const mutation = `mutation($input: EventsTrackInput!) {
  eventsTrack(input: $input) { results { eventId status } userErrors { message } } }`;

interface TrackBody {
  readonly data?: {
    readonly eventsTrack: { readonly results: readonly { eventId: string; status: string }[] } | null;
  } | null;
}

/** Sends events until it is told to stop; a call that failed is sent again with the same ids. */
class Load {
  readonly acknowledged = new Set<string>();
  readonly statuses = new Map<number, number>();
  private isStopped = false;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async write(writer: number): Promise<void> {
    for (let call = 0; !this.isStopped; call++) {
      const ids = Array.from({ length: eventsPerCall }, (_, at) => `event-${writer}-${call}-${at}`);
      while (!(await this.send(ids)) && !this.isStopped) await new Promise(setImmediate);
    }
  }

  stop(): void {
    this.isStopped = true;
  }

  /** Resolves when `count` more events were acknowledged. */
  async progress(count: number): Promise<void> {
    const goal = this.acknowledged.size + count;
    while (this.acknowledged.size < goal) await new Promise(setImmediate);
  }

  private async send(ids: readonly string[]): Promise<boolean> {
    const events = ids.map(eventId => ({ eventId, type: 'VIEW', productId: 'tea', userId: 'ann' }));
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query: mutation, variables: { input: { events } } }),
    });
    this.statuses.set(response.status, (this.statuses.get(response.status) ?? 0) + 1);
    const { data } = (await response.json()) as TrackBody;
    const results = data?.eventsTrack?.results ?? [];
    for (const { eventId, status } of results) if (status !== 'REJECTED') this.acknowledged.add(eventId);
    return results.length === ids.length;
  }
}

describe('a gateway whose embedded database is killed', () => {
  let dataDir: string;
  let database: Database;
  let gateway: Gateway;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'affinity-crash-'));
    const config = parseConfig({ AFFINITY_DATA_DIR: dataDir, AFFINITY_DEMO: 'false', PORT: '0' });
    database = await openDatabase({ config, onLog: () => undefined });
    const shop = { id: toShopId('demo'), name: 'Demo', defaultLocale: 'en', currency: 'USD' };
    await database.stores.shops.upsert(shop);
    gateway = await startGateway({ config, database, jwt: testJwt, logger: pino({ level: 'silent' }) });
  });

  afterAll(async () => {
    await gateway.close();
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function killDatabase(): Promise<void> {
    const postmaster = await readPostmaster(join(dataDir, 'postgres'));
    if (postmaster === null) throw new Error('Expected a postmaster; there is none.');
    process.kill(postmaster.pid, 'SIGKILL');
    while (isAlive(postmaster.pid)) await new Promise(setImmediate);
  }

  async function storedIds(): Promise<ReadonlySet<string>> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client
      .query<{ id: string }>('SELECT id FROM "Interaction"')
      .finally(() => client.end());
    return new Set(rows.map(({ id }) => id));
  }

  it('answers 503 meanwhile, recovers by itself each time, and keeps every acknowledged event', async () => {
    const load = new Load(gateway.url, await tokenFor(Date.now(), 'INGEST'));
    const writing = Array.from({ length: writers }, (_, writer) => load.write(writer));
    for (let kill = 0; kill < kills; kill++) {
      await load.progress(eventsPerKill);
      await killDatabase();
    }
    await load.progress(eventsPerKill);
    load.stop();
    await Promise.all(writing);
    expect([...load.statuses.keys()].filter(status => status !== 200 && status !== 503)).toEqual([]);
    expect(load.statuses.get(503)).toBeGreaterThan(0);
    const stored = await storedIds();
    expect([...load.acknowledged].filter(id => !stored.has(id))).toEqual([]);
    expect(load.acknowledged.size).toBeGreaterThanOrEqual((kills + 1) * eventsPerKill);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  }, 180_000);
});
