import type { Interaction } from '../../../src/domain/interaction';
import { defaultShopPolicy } from '../../../src/domain/shopPolicy';
import { createLru } from '../../../src/numeric/lru';
import { createBatchRead } from '../../../src/serving/live/batchRead';
import { coalesce } from '../../../src/serving/live/coalesce';
import { timedOut, withDeadline } from '../../../src/serving/live/deadline';
import { foldHistory, historyForScorer } from '../../../src/serving/live/history';
import { maxPairWeight } from '../../../src/snapshot/eventWeight';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { interaction, now, product, until } from '../support';

const nowhere = { cartProductIds: [], currentProductId: null, now };
const fold = (events: readonly Interaction[], context = nowhere) =>
  foldHistory({ events }, context, defaultShopPolicy);

it('sums the weights of a product and keeps its latest event', () => {
  const history = fold([
    interaction('b', 'anna', product(1), 'PURCHASE', now - 5),
    interaction('a', 'anna', product(1), 'VIEW', now - 9),
    interaction('c', 'anna', product(2), 'DISLIKE', now - 7),
  ]);
  expect(history.products.get(product(1))).toEqual({ weight: 6, occurredAt: now - 5, lastEventAt: now - 5 });
  expect(history.products.get(product(2))).toEqual({ weight: -6, occurredAt: now - 7, lastEventAt: now - 7 });
  expect([...history.settled]).toEqual([product(2)]);
  expect([...history.settledOnce]).toEqual([product(1)]);
});

it('clamps the weight of a product as snapshots do, and reads stars', () => {
  const many = Array.from({ length: 50 }, (_, at) => interaction(`e${at}`, 'anna', product(1), 'PURCHASE'));
  expect(fold(many).products.get(product(1))?.weight).toBe(maxPairWeight);
  const rating = { ...interaction('r', 'anna', product(3), 'RATING'), value: 1 };
  expect(fold([rating]).products.get(product(3))?.weight).toBeCloseTo(-2.4);
});

it('gives a scorer the latest stars of each product, whatever the order of the events', () => {
  const rated = (id: string, at: number, value: number): Interaction => ({
    ...interaction(id, 'anna', product(1), 'RATING', at),
    value,
  });
  const vocabulary = vocabularyOf([product(1), product(2)]);
  const viewed = interaction('v', 'anna', product(2), 'VIEW', now - 3);
  for (const events of [
    [rated('a', now - 9, 1), rated('b', now - 5, 4), viewed],
    [viewed, rated('b', now - 5, 4), rated('a', now - 9, 1)],
  ]) {
    const { stars, productRows } = historyForScorer(fold(events), vocabulary, now);
    expect([...productRows]).toEqual([0, 1]);
    expect([...(stars ?? [])]).toEqual([4, Number.NaN]);
  }
  expect(historyForScorer(fold([viewed]), vocabulary, now).stars).toBeUndefined();
});

it('reads the stars of a review as a rating, and a review without stars as none', () => {
  const vocabulary = vocabularyOf([product(1)]);
  const review = (id: string, at: number, value: number | null): Interaction => ({
    ...interaction(id, 'anna', product(1), 'REVIEW', at),
    value,
  });
  const rating = { ...interaction('r', 'anna', product(1), 'RATING', now - 9), value: 2 };
  const starsOf = (...events: readonly Interaction[]) => [
    ...(historyForScorer(fold(events), vocabulary, now).stars ?? []),
  ];
  expect(starsOf(rating, review('a', now - 5, 5))).toEqual([5]);
  expect(starsOf(rating, review('a', now - 5, null))).toEqual([2]);
});

it('ignores events without a product', () => {
  const search: Interaction = { ...interaction('s', 'anna', product(1), 'SEARCH'), productId: null };
  expect(fold([search]).products.size).toBe(0);
});

it('does not count a cart twice that is already stored', () => {
  const inCart = [interaction('c', 'anna', product(1), 'CART_ADD')];
  const context = { cartProductIds: [product(1)], currentProductId: product(2), now };
  const history = foldHistory({ events: inCart }, context, defaultShopPolicy);
  expect(history.products.get(product(1))).toEqual({ weight: 3, occurredAt: now, lastEventAt: now });
  expect(history.products.get(product(2))).toEqual({ weight: 1, occurredAt: now, lastEventAt: now });
});

it('gives a scorer the products it saw, oldest first', () => {
  const history = fold([
    interaction('a', 'anna', product(9), 'VIEW', now - 1),
    interaction('b', 'anna', product(1), 'VIEW', now - 2),
    interaction('c', 'anna', product(5), 'VIEW', now - 3),
  ]);
  const forScorer = historyForScorer(history, vocabularyOf([product(1), product(9)]), now);
  expect([...forScorer.productRows]).toEqual([0, 1]);
  expect([...forScorer.occurredAt]).toEqual([now - 2, now - 1]);
});

it('collects keys while reads are running', async () => {
  const reads: (readonly string[])[] = [];
  const releases: (() => void)[] = [];
  const read = createBatchRead<string, number>({
    maxInFlight: 1,
    absent: -1,
    async read(keys) {
      reads.push(keys);
      await new Promise<void>(resolve => releases.push(resolve));
      return new Map(keys.filter(key => key !== 'none').map(key => [key, key.length]));
    },
  });
  const turn = () => new Promise(resolve => setImmediate(resolve));
  const first = read('a');
  await turn();
  const later = [read('bb'), read('none'), read('bb')];
  await turn();
  expect(reads).toEqual([['a']]);
  releases[0]();
  await first;
  await until(() => reads.length === 2);
  expect(reads).toEqual([['a'], ['bb', 'none']]);
  releases[1]();
  expect(await Promise.all(later)).toEqual([2, -1, 2]);
});

it('splits a read of too many keys, and rejects those whose read failed', async () => {
  const sizes: number[] = [];
  const read = createBatchRead<number, number>({
    maxKeys: 2,
    absent: 0,
    async read(keys) {
      sizes.push(keys.length);
      if (keys.includes(3)) throw new Error('down');
      return new Map(keys.map(key => [key, key]));
    },
  });
  const outcomes = await Promise.allSettled([1, 2, 3].map(read));
  expect(sizes).toEqual([2, 1]);
  expect(outcomes.map(outcome => outcome.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
});

it('never runs coalesced work twice at the same time, and runs it again for later calls', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const work = coalesce(async () => {
    most = Math.max(most, ++running);
    runs++;
    await new Promise(resolve => setImmediate(resolve));
    running--;
    if (runs === 1) throw new Error('first');
  });
  const first = work();
  const second = work();
  const third = work();
  await expect(first).rejects.toThrow('first');
  await Promise.all([second, third]);
  expect([most, runs]).toEqual([1, 2]);
});

it('returns the value in time, and timedOut otherwise', async () => {
  expect(await withDeadline(Promise.resolve(7), 1_000)).toBe(7);
  expect(await withDeadline(new Promise(() => undefined), 1)).toBe(timedOut);
  await expect(withDeadline(Promise.reject(new Error('broken')), 1_000)).rejects.toThrow('broken');
});

it('returns a result that arrived while the event loop was busy beyond the deadline', async () => {
  // From here, the event loop looks at timers before it reads the result.
  await new Promise(setImmediate);
  const reading = withDeadline(new Promise(resolve => setImmediate(resolve, 7)), 1);
  const startedAt = performance.now();
  while (performance.now() - startedAt < 5);
  expect(await reading).toBe(7);
});

it('drops the least recently used', () => {
  const lru = createLru<string, number>(2);
  lru.set('a', 1);
  lru.set('b', 2);
  lru.get('a');
  lru.set('c', 3);
  expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2]);
});
