import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { GatewayError } from '../../domain/errors';
import { createTrainingQueue } from '../../store/bullmq/trainingQueue';
import { type HnswLibrary, loadHnswLibrary } from '../../store/hnsw/hnswIndexer';
import type { Stores } from '../../store/ports/stores';
import type { DatabaseFacts } from '../../store/prisma/facts';
import { damagedArtifacts } from '../../training/damagedArtifacts';
import { readHealth } from '../checks/health';
import type { Config } from '../config';
import { embeddedInProduction } from '../database';
import { type Finding, ok } from './check';

const gatewayTimeoutMs = 2000;
const staleAfterDays = 7;

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Checks the version of Node.js, as bin/requireNode.mjs does before any program. @param version - such as "20.20.2" */
export function checkNode(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  const isEnough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (isEnough) return ok('Node.js', version);
  const remedy = 'Install Node.js 20.19 or a later 20, or 22.12 or newer.';
  return { part: 'Node.js', state: 'missing', found: version, remedy };
}

/** Checks that the data folder is writable; a missing folder will be created. */
export async function checkDataDir({ dataDir, databaseUrl }: Config): Promise<Finding> {
  const part = 'data folder';
  if (databaseUrl !== null) return ok(part, 'not needed: DATABASE_URL is set');
  try {
    await access(dataDir, constants.W_OK);
    return ok(part, dataDir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(part, `${dataDir} (will be created)`);
    return {
      part,
      state: 'missing',
      found: `${dataDir} is not writable`,
      remedy: 'Set AFFINITY_DATA_DIR.',
    };
  }
}

/** Checks the keys that verify tokens. */
export function checkTokens({ jwksUrl, jwtSecret, isProduction }: Config): Finding {
  const part = 'token keys';
  if (jwksUrl !== null) return ok(part, 'public keys from AFFINITY_JWKS_URL');
  if (jwtSecret !== null) return ok(part, 'AFFINITY_JWT_SECRET');
  if (!isProduction) return ok(part, 'a development secret in the data folder');
  return { part, state: 'missing', found: 'none', remedy: 'Set AFFINITY_JWT_SECRET or AFFINITY_JWKS_URL.' };
}

/** Checks how products are searched, and whether the required library is installed. */
export function checkSearch(
  { hnswFrom }: Config,
  load: () => HnswLibrary = () => loadHnswLibrary(),
): Finding {
  const part = 'search';
  if (hnswFrom === null) return ok(part, 'exact');
  try {
    load();
    return ok(part, `exact; from ${count(hnswFrom)} products on approximate (hnswlib-node)`);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { part, state: 'missing', found: 'hnswlib-node does not load', remedy: error.message };
  }
}

/** Converts facts about the database to findings. */
export function describeDatabase(
  facts: DatabaseFacts,
  isEmbedded: boolean,
  isProduction = false,
): readonly Finding[] {
  const { version, sizeBytes, migrations, rows } = facts;
  const where = isEmbedded ? 'embedded' : 'DATABASE_URL';
  const size = `${(sizeBytes / 1e6).toFixed(0)} MB`;
  const pending = migrations.pending.length;
  const summary = `${migrations.applied.length} applied, ${pending} pending`;
  return [
    {
      ...ok('database', `PostgreSQL ${version} (${where}), ${size}`),
      ...(isEmbedded && isProduction ? { state: 'warning', remedy: embeddedInProduction } : {}),
    },
    pending === 0
      ? ok('migrations', summary)
      : { part: 'migrations', state: 'warning', found: summary, remedy: 'affinity start applies them.' },
    ok(
      'rows',
      ['Shop', 'User', 'Product', 'Interaction']
        .map(table => `${table} ${count(rows[table] ?? 0)}`)
        .join(', '),
    ),
  ];
}

/** Checks that the job queue responds, and reports its length. */
export async function checkQueue(databaseUrl: string, redisUrl: string | null): Promise<Finding> {
  const part = 'job queue';
  const where = redisUrl === null ? 'PostgreSQL' : 'Redis';
  try {
    const queue = await createTrainingQueue({ databaseUrl, redisUrl, onError: () => undefined });
    const { waiting, active } = await queue.depth().finally(() => queue.close());
    return ok(part, `${where}: ${waiting} waiting, ${active} active`);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return {
      part,
      state: 'missing',
      found: `${where} does not respond`,
      remedy: 'Check that it runs, and REDIS_URL.',
    };
  }
}

/** Checks the live models of every shop: their bytes and their age. */
export async function checkModels(
  stores: Pick<Stores, 'shops' | 'artifacts'>,
  now: number,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { id } of await stores.shops.list()) {
    const part = `models of "${id}"`;
    const live = await stores.artifacts.liveOf(id);
    if (live.length === 0) {
      const remedy = `affinity train --shop ${id}`;
      findings.push({
        part,
        state: 'warning',
        found: 'none; lists fall back to the newest products',
        remedy,
      });
      continue;
    }
    const damaged = (await damagedArtifacts(stores.artifacts, id)).map(({ model }) => model);
    if (damaged.length > 0) {
      const found = `the stored bytes of ${damaged.join(', ')} are damaged; lists come from earlier versions or other models`;
      const remedy = `affinity train --shop ${id} --models ${damaged.join(',')}`;
      findings.push({ part, state: 'warning', found, remedy });
      continue;
    }
    const days = (now - Math.min(...live.map(record => record.createdAt))) / 86_400_000;
    const found = `${live.map(record => record.model).join(', ')}; oldest ${days.toFixed(1)} days`;
    const isStale = days > staleAfterDays;
    const remedy = isStale ? 'Check that a worker runs: affinity worker' : null;
    findings.push({ part, state: isStale ? 'warning' : 'ok', found, remedy });
  }
  return findings;
}

/** Checks whether a gateway responds at the configured address. */
export async function checkGateway({ host, port }: Config): Promise<Finding> {
  const part = 'gateway';
  const address = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const health = await readHealth(`${address}/health/ready`, gatewayTimeoutMs);
  if (health === null) {
    return { part, state: 'warning', found: `nothing responds at ${address}`, remedy: 'npm start' };
  }
  if (health.status === 200) return ok(part, `ready at ${address}`);
  return {
    part,
    state: 'warning',
    found: `at ${address}, not ready`,
    remedy: `See ${address}/health/ready`,
  };
}
