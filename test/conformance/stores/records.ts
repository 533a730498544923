import { createHash } from 'node:crypto';
import { toListId, toProductId, toUserId } from '../../../src/domain/ids';
import { createRng } from '../../../src/numeric/rng';
import type { ApiKeyRecord } from '../../../src/store/ports/apiKey';
import type { ImportRunRecord } from '../../../src/store/ports/importRun';
import type { TrainingRunRecord } from '../../../src/store/ports/trainingRun';
import { artifact, idsOf, list, readPages, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const bytes = Uint8Array.from([7, 0, 255]);
const checksum = createHash('sha256').update(bytes).digest('hex');

const lists: readonly StorePromise[] = [
  {
    name: 'stores a list once, and never changes it',
    async hold({ stores, shop }) {
      const shown = list(shop, 'l-1', {
        sourceProductId: toProductId('mug'),
        degraded: 'COLD_START',
        items: [
          { productId: toProductId('a, {b}'), rank: 1, score: 0.1 + 0.2, source: 'MODEL' },
          { productId: toProductId('null'), rank: 2, score: -1e-9, source: 'FALLBACK' },
        ],
      });
      const empty = list(shop, 'l-2', { userId: null, modelVersion: null, items: [] });
      await stores.recommendations.saveMany([shown, empty]);
      await stores.recommendations.saveMany([{ ...shown, placement: 'changed', items: [] }]);
      const ids = ['l-1', 'l-2', 'l-3'].map(toListId);
      expect(await stores.recommendations.findMany(shop, ids)).toEqual(
        new Map([
          [ids[0], shown],
          [ids[1], empty],
        ]),
      );
    },
  },
  {
    name: 'stores lists of many concurrent calls',
    async hold({ stores, shop }) {
      const ids = Array.from({ length: 60 }, (_, index) => toListId(`l-${index}`));
      await Promise.all(ids.map(id => stores.recommendations.saveMany([list(shop, id)])));
      expect((await stores.recommendations.findMany(shop, ids)).size).toBe(60);
    },
  },
  {
    name: "pages a user's lists newest first, and removes those whose end has come",
    async hold({ stores, shop, other }) {
      await stores.recommendations.saveMany([
        ...[0, 1, 2, 2].map((at, index) =>
          list(shop, `l-${index}`, { createdAt: start + at, expiresAt: start + 10 + at }),
        ),
        list(shop, 'bob', { userId: toUserId('bob'), expiresAt: start + 99 }),
        list(other, 'l-0', { expiresAt: start + 5 }),
      ]);
      const read = () =>
        readPages(
          request => stores.recommendations.pageOfUser(shop, ann, request),
          row => ({ at: row.createdAt, id: row.id }),
          3,
        );
      expect(idsOf(await read())).toEqual(['l-3', 'l-2', 'l-1', 'l-0']);
      expect(await stores.recommendations.removeExpired(start + 11)).toBe(3);
      expect(idsOf(await read())).toEqual(['l-3', 'l-2']);
      expect(await stores.recommendations.removeExpired(start + 11)).toBe(0);
      expect(await stores.recommendations.removeExpired(start + 100)).toBe(3);
    },
  },
];

const artifacts: readonly StorePromise[] = [
  {
    name: 'returns the bytes of an artifact, and rejects missing ones and ones with another checksum',
    async hold({ stores, shop }) {
      const good = artifact(shop, 'good', { checksum });
      const bad = artifact(shop, 'bad', { checksum: 'f'.repeat(64) });
      await stores.artifacts.save(good, bytes);
      await stores.artifacts.save(bad, bytes);
      expect(Uint8Array.from(await stores.artifacts.read(good))).toEqual(bytes);
      for (const record of [bad, artifact(shop, 'gone', { checksum: '0'.repeat(64) })]) {
        await expect(stores.artifacts.read(record)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
      }
    },
  },
  {
    name: 'stores bytes of several parts, and verifies them without returning them',
    async hold({ stores, shop }) {
      const rng = createRng(11);
      const many = Uint8Array.from({ length: 9_000_001 }, () => rng.int(256));
      const whole = createHash('sha256').update(many).digest('hex');
      const large = artifact(shop, 'large', { checksum: whole, byteLength: many.length });
      await stores.artifacts.save(large, many);
      expect(Buffer.from(await stores.artifacts.read(large)).equals(many)).toBe(true);
      await stores.artifacts.verify(large);
      const none = createHash('sha256').digest('hex');
      const empty = artifact(shop, 'empty', { checksum: none, byteLength: 0 });
      await stores.artifacts.save(empty, new Uint8Array(0));
      expect(await stores.artifacts.read(empty)).toHaveLength(0);
      const bad = artifact(shop, 'bad', { checksum: 'e'.repeat(64) });
      await stores.artifacts.save(bad, bytes);
      for (const record of [bad, artifact(shop, 'gone', { checksum: '1'.repeat(64) })])
        await expect(stores.artifacts.verify(record)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
      await stores.artifacts.removeUnfinished(shop);
      await stores.artifacts.verify(large);
    },
  },
  {
    name: 'keeps one live artifact per model under concurrent publications',
    async hold({ stores, shop }) {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      for (const id of ids) await stores.artifacts.save(artifact(shop, id, { checksum }), bytes);
      await stores.artifacts.save(artifact(shop, 'als', { checksum, model: 'collaborative' }), bytes);
      await stores.artifacts.publish(shop, 'als', start);
      await Promise.all(ids.map(id => stores.artifacts.publish(shop, id, start + 1)));
      const live = await stores.artifacts.liveOf(shop);
      expect(live.map(record => record.model).sort()).toEqual(['collaborative', 'popularity']);
      await stores.artifacts.publish(shop, 'b', start + 7);
      const [popularity] = (await stores.artifacts.liveOf(shop)).filter(
        record => record.model === 'popularity',
      );
      expect(popularity).toEqual(artifact(shop, 'b', { checksum, isLive: true, publishedAt: start + 7 }));
      await expect(stores.artifacts.publish(shop, 'nothing', start)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    },
  },
  {
    name: 'prunes old artifacts of a model, but not the live one, and keeps shared bytes',
    async hold({ stores, shop }) {
      for (const [age, id] of ['a', 'b', 'c', 'd'].entries()) {
        await stores.artifacts.save(artifact(shop, id, { checksum, createdAt: start + age }), bytes);
      }
      const lone = { checksum: createHash('sha256').update('lone').digest('hex'), createdAt: start - 1 };
      await stores.artifacts.save(artifact(shop, 'z', lone), new TextEncoder().encode('lone'));
      await stores.artifacts.publish(shop, 'a', start);
      expect(await stores.artifacts.prune(shop, 'popularity', 2)).toBe(2);
      const positionOf = (row: { createdAt: number; id: string }) => ({ at: row.createdAt, id: row.id });
      const rest = await readPages(request => stores.artifacts.page(shop, request), positionOf, 2);
      expect(idsOf(rest)).toEqual(['d', 'c', 'a']);
      expect(Uint8Array.from(await stores.artifacts.read(rest[0]))).toEqual(bytes);
      await expect(stores.artifacts.read(artifact(shop, 'z', lone))).rejects.toMatchObject({
        code: 'ARTIFACT_DAMAGED',
      });
      await expect(stores.artifacts.save(artifact(shop, 'd', { checksum }), bytes)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    },
  },
];

const key = (shopId: ApiKeyRecord['shopId'], id: string): ApiKeyRecord => ({
  shopId,
  id,
  label: 'till',
  role: 'INGEST',
  secretHash: Uint8Array.from([1, 2, 3]),
  createdAt: start,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
});

const runs: readonly StorePromise[] = [
  {
    name: 'finds a key by its id alone, revokes it once, and rejects a second key of the same id',
    async hold({ stores, shop, other }) {
      const [id, second] = [`key-${shop}`, `second-${shop}`];
      await stores.apiKeys.insert(key(shop, id));
      await stores.apiKeys.insert({ ...key(shop, second), createdAt: start - 1, expiresAt: start + 9 });
      const found = await stores.apiKeys.findById(id);
      expect(found && { ...found, secretHash: Uint8Array.from(found.secretHash) }).toEqual(key(shop, id));
      expect(idsOf(await stores.apiKeys.listOf(shop))).toEqual([second, id]);
      await expect(stores.apiKeys.insert(key(other, id))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
      await stores.apiKeys.touch(shop, id, start + 3);
      expect(await stores.apiKeys.revoke(shop, id, start + 4)).toBe(true);
      expect(await stores.apiKeys.revoke(shop, id, start + 5)).toBe(false);
      expect(await stores.apiKeys.findById(id)).toMatchObject({
        lastUsedAt: start + 3,
        revokedAt: start + 4,
      });
      expect(await stores.apiKeys.findById('none')).toBeNull();
    },
  },
  {
    name: 'stores the latest state of a training run, and pages runs newest first',
    async hold({ stores, shop }) {
      const run = (id: string, queuedAt: number): TrainingRunRecord => ({
        shopId: shop,
        id,
        model: 'trending',
        status: 'QUEUED',
        seed: 7,
        snapshotDigest: null,
        artifactId: null,
        metrics: null,
        reason: null,
        queuedAt,
        startedAt: null,
        finishedAt: null,
      });
      for (const [age, id] of ['a', 'b', 'c'].entries())
        await stores.trainingRuns.save(run(id, start + (age >> 1)));
      const done = {
        ...run('a', start),
        status: 'REJECTED' as const,
        metrics: { 'ndcg@10': 0.5 },
        finishedAt: start + 2,
      };
      await stores.trainingRuns.save(done);
      expect(await stores.trainingRuns.find(shop, 'a')).toEqual(done);
      expect(await stores.trainingRuns.find(shop, 'z')).toBeNull();
      const positionOf = (row: TrainingRunRecord) => ({ at: row.queuedAt, id: row.id });
      const read = await readPages(request => stores.trainingRuns.page(shop, request), positionOf, 2);
      expect(idsOf(read)).toEqual(['c', 'b', 'a']);
    },
  },
  {
    name: 'returns unfinished runs that nobody reports, and lets one of several callers close each',
    async hold({ stores, shop }) {
      const nothingYet = { snapshotDigest: null, artifactId: null, metrics: null, reason: null };
      const run = (id: string, status: TrainingRunRecord['status']): TrainingRunRecord => ({
        ...{ shopId: shop, id, model: 'trending', status, seed: 7, ...nothingYet },
        ...{ queuedAt: start, startedAt: null, finishedAt: status === 'PUBLISHED' ? start : null },
      });
      const { trainingRuns } = stores;
      for (const status of ['QUEUED', 'RUNNING', 'PUBLISHED'] as const)
        await trainingRuns.save(run(status, status));
      expect(idsOf(await trainingRuns.silent(shop, 0))).toEqual(['QUEUED', 'RUNNING']);
      expect(await trainingRuns.silent(shop, 3_600_000)).toEqual([]);
      await trainingRuns.beat(shop, 'QUEUED');
      expect(new Set(idsOf(await trainingRuns.silent(shop, 0)))).toEqual(new Set(['RUNNING', 'QUEUED']));
      const failed = { ...run('RUNNING', 'FAILED'), reason: 'died', finishedAt: start + 1 };
      expect(await trainingRuns.saveIfSilent(failed, 3_600_000)).toBe(false);
      const closed = await Promise.all([1, 2, 3].map(() => trainingRuns.saveIfSilent(failed, 0)));
      expect(closed.filter(Boolean)).toHaveLength(1);
      expect(await trainingRuns.find(shop, 'RUNNING')).toEqual(failed);
      expect(await trainingRuns.saveIfSilent(run('none', 'FAILED'), 0)).toBe(false);
      expect(await trainingRuns.find(shop, 'none')).toBeNull();
    },
  },
  {
    name: 'keeps how far an import has come',
    async hold({ stores, shop }) {
      const run: ImportRunRecord = {
        shopId: shop,
        id: 'digest',
        fileName: 'events.csv',
        mapping: 'generic',
        linesDone: 10,
        accepted: 8,
        duplicates: 1,
        rejected: { NOT_A_NUMBER: 1 },
        startedAt: start,
        updatedAt: start + 1,
        finishedAt: null,
      };
      await stores.importRuns.save(run);
      await stores.importRuns.save({ ...run, linesDone: 20, finishedAt: start + 2 });
      expect(await stores.importRuns.find(shop, 'digest')).toEqual({
        ...run,
        linesDone: 20,
        finishedAt: start + 2,
      });
      expect(await stores.importRuns.find(shop, 'other')).toBeNull();
    },
  },
];

/** Promises of the stores of lists, artifacts, keys and runs. */
export const recordPromises: readonly StorePromise[] = [...lists, ...artifacts, ...runs];
