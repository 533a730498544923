import { GatewayError } from '../../../src/domain/errors';
import { toListId } from '../../../src/domain/ids';
import type { RecommendationList } from '../../../src/domain/recommendation';
import { createListBuffer, type ListBufferOptions } from '../../../src/serving/lists/listBuffer';
import type { RecommendationStore } from '../../../src/store/ports/recommendation';
import { now, shopId, until } from '../support';

const listOf = (id: string): RecommendationList => ({
  shopId,
  id: toListId(id),
  userId: null,
  sourceProductId: null,
  placement: 'home',
  strategy: 'newest',
  modelVersion: null,
  degraded: null,
  items: [],
  createdAt: now,
  expiresAt: now + 1,
});

const idsOf = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `l${from + at}`);

/** A store whose saves end as the test decides. */
function scriptedStore(onSave: (lists: readonly RecommendationList[]) => Promise<void>): {
  readonly store: RecommendationStore;
  readonly saves: string[][];
  readonly kept: Set<string>;
} {
  const saves: string[][] = [];
  const kept = new Set<string>();
  const store: RecommendationStore = {
    async saveMany(lists) {
      saves.push(lists.map(list => list.id));
      await onSave(lists);
      for (const list of lists) kept.add(list.id);
    },
    findMany: async () => new Map(),
    pageOfUser: async () => ({ rows: [], hasNext: false }),
    removeExpired: async () => 0,
  };
  return { store, saves, kept };
}

const optionsOf = (
  store: RecommendationStore,
  given: Partial<ListBufferOptions> = {},
): ListBufferOptions => ({
  store,
  flushMs: 60_000,
  batch: 4,
  maxPending: 20,
  onError: () => undefined,
  ...given,
});

const fine = (): Promise<void> => Promise.resolve();
const unavailable = new GatewayError('UNAVAILABLE', 'Expected a database; got none.');

it('writes a full batch at once, and the rest on flush', async () => {
  const { store, saves, kept } = scriptedStore(fine);
  const buffer = createListBuffer(optionsOf(store));
  for (const id of idsOf(4)) buffer.add(listOf(id));
  await until(() => kept.size === 4);
  buffer.add(listOf('last'));
  expect(buffer.counts()).toEqual({ pending: 1, saved: 4, dropped: 0 });
  await buffer.flush();
  expect(saves).toEqual([idsOf(4), ['last']]);
  expect(buffer.counts()).toEqual({ pending: 0, saved: 5, dropped: 0 });
});

it('writes an incomplete batch after the flush interval', async () => {
  const { store, kept } = scriptedStore(fine);
  const buffer = createListBuffer(optionsOf(store, { flushMs: 1 }));
  buffer.add(listOf('a'));
  await until(() => kept.has('a'));
  expect(buffer.counts().saved).toBe(1);
});

it('keeps lists findable while they are being written', async () => {
  let release: () => void = () => undefined;
  const { store } = scriptedStore(() => new Promise(resolve => (release = resolve)));
  const buffer = createListBuffer(optionsOf(store));
  buffer.add(listOf('a'));
  const flushed = buffer.flush();
  await until(() => buffer.counts().pending === 1);
  expect((await buffer.findMany(shopId, [toListId('a')])).size).toBe(1);
  release();
  await flushed;
});

it('drops the oldest lists when too many wait, and counts them', async () => {
  const { store, kept } = scriptedStore(fine);
  const buffer = createListBuffer(optionsOf(store, { batch: 1_000 }));
  for (const id of idsOf(25)) buffer.add(listOf(id));
  expect(buffer.counts()).toEqual({ pending: 20, saved: 0, dropped: 5 });
  await buffer.flush();
  expect([...kept]).toEqual(idsOf(20, 5));
});

it('retries without losing lists when the store is unavailable', async () => {
  let isDown = true;
  const errors: unknown[] = [];
  const { store, kept } = scriptedStore(() => (isDown ? Promise.reject(unavailable) : fine()));
  const buffer = createListBuffer(optionsOf(store, { flushMs: 1, onError: error => errors.push(error) }));
  for (const id of idsOf(6)) buffer.add(listOf(id));
  await until(() => errors.length > 0);
  expect(buffer.counts().dropped).toBe(0);
  isDown = false;
  await until(() => kept.size === 6);
  await buffer.flush();
  expect(buffer.counts()).toEqual({ pending: 0, saved: 6, dropped: 0 });
});

it('ends a flush and keeps the lists when the store is unavailable', async () => {
  const { store } = scriptedStore(() => Promise.reject(unavailable));
  const buffer = createListBuffer(optionsOf(store));
  buffer.add(listOf('a'));
  await buffer.flush();
  expect(buffer.counts()).toEqual({ pending: 1, saved: 0, dropped: 0 });
});

it('settles when the lists that were waiting are written, while more arrive', async () => {
  let next = 100;
  const { store, kept } = scriptedStore(async () => {
    await fine();
    for (let added = 0; added < 4 && next < 1_000; added++) buffer.add(listOf(`l${next++}`));
  });
  const buffer = createListBuffer(optionsOf(store, { maxPending: 100 }));
  // The first batch is being written when settle is called; the waiting lists are in the next two.
  for (const id of idsOf(4)) buffer.add(listOf(id));
  for (const id of idsOf(20, 4)) buffer.add(listOf(id));
  await buffer.settle();
  expect(idsOf(24).every(id => kept.has(id))).toBe(true);
  expect(buffer.counts().pending).toBeGreaterThan(0);
  expect(next).toBeLessThan(124);
  await buffer.flush();
});

it('settles when nothing waits, when waiting lists were dropped, and when the store is unavailable', async () => {
  let isDown = false;
  let release: () => void = () => undefined;
  const { store, saves } = scriptedStore(() =>
    isDown ? Promise.reject(unavailable) : new Promise(resolve => (release = resolve)),
  );
  const buffer = createListBuffer(optionsOf(store));
  await buffer.settle();
  expect(saves).toEqual([]);
  for (const id of idsOf(5)) buffer.add(listOf(id));
  const settled = buffer.settle();
  buffer.drop(() => true);
  release();
  await settled;
  expect(saves).toEqual([idsOf(4)]);
  isDown = true;
  buffer.add(listOf('kept'));
  await buffer.settle();
  expect(buffer.counts()).toEqual({ pending: 1, saved: 4, dropped: 0 });
  isDown = false;
  const flushed = buffer.flush();
  release();
  await flushed;
});

it('writes the other lists of a batch when the store refuses one', async () => {
  const errors: unknown[] = [];
  const { store, kept } = scriptedStore(lists =>
    lists.some(list => list.id === 'l1') ? Promise.reject(new TypeError('refused')) : fine(),
  );
  const buffer = createListBuffer(optionsOf(store, { onError: error => errors.push(error) }));
  for (const id of idsOf(3)) buffer.add(listOf(id));
  await buffer.flush();
  expect([...kept]).toEqual(['l0', 'l2']);
  expect(buffer.counts()).toEqual({ pending: 0, saved: 2, dropped: 1 });
  expect(errors).toHaveLength(2);
});
