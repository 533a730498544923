import { toEventId, toProductId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import type { Scorer } from '../../src/models/model';
import { modelByName } from '../../src/models/registry';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng } from '../../src/numeric/rng';
import { createSnapshotBuilder, type InteractionBatch } from '../../src/snapshot/builder';
import { defaultShopperBounds, type ShopperBounds } from '../../src/snapshot/shopperBounds';
import type { Snapshot } from '../../src/snapshot/snapshot';
import type { Stores } from '../../src/store/ports/stores';
import { readSnapshot } from '../../src/training/readSnapshot';
import { trainContext } from '../support/scorers';
import { openShop, shopId, start, tastefulEvents } from './support';

const { signal } = new AbortController();
const later = start + 1e11;
const minute = 60_000;
const normal = tastefulEvents({ users: 400, events: 12_000, seed: 3 });

/** The product with the fewest events: one account must not make it popular. */
function rarestProduct(events: readonly Interaction[]): string {
  const counts = new Map<string, number>();
  for (const { productId } of events) counts.set(`${productId}`, (counts.get(`${productId}`) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => a - b)[0][0];
}

/** A bot that buys and views the product `target` and the products of a taste in turn, more often than all shoppers together. */
function floodOf(events: number, target: string): Interaction[] {
  const rng = createRng(9);
  return Array.from({ length: events }, (_, at): Interaction => {
    const isTarget = at % 2 === 0;
    return {
      ...normal[0],
      id: toEventId(`bot-${at}`),
      userId: toUserId('bot'),
      productId: toProductId(isTarget ? target : `p${rng.int(20)}`),
      type: at % 4 === 0 ? 'PURCHASE' : 'VIEW',
      value: at % 4 === 0 ? 1 : null,
      occurredAt: start + 31 * 24 * 60 * minute + at * 1_000,
    };
  });
}

async function scorerOf(name: string, snapshot: Snapshot): Promise<Scorer> {
  const model = modelByName(name);
  return model.load(await model.train(snapshot, trainContext(1, threadTasks)));
}

/** The first ten products of a model for a shopper who viewed one product. */
async function firstTen(name: string, snapshot: Snapshot, viewed: string): Promise<readonly string[]> {
  const scorer = await scorerOf(name, snapshot);
  const { products } = scorer;
  const scores = new Float32Array(products.size);
  const [productRows, weights] = [Uint32Array.of(products.rowOf(viewed)), Float32Array.of(1)];
  scorer.scoreInto([{ productRows, weights, occurredAt: Float64Array.of(later), now: later }], scores);
  const rows = Array.from(scores.keys()).filter(
    row => products.idOf(row) !== viewed && Number.isFinite(scores[row]),
  );
  return rows
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, 10)
    .map(row => products.idOf(row));
}

describe('a bot of 200,000 events with one account', () => {
  const target = rarestProduct(normal);
  let [calm, flooded]: Snapshot[] = [];
  beforeAll(async () => {
    calm = await readSnapshot(await openShop(normal), shopId, later, signal);
    flooded = await readSnapshot(
      await openShop([...normal, ...floodOf(200_000, target)]),
      shopId,
      later,
      signal,
    );
  });

  it('adds to the popularity of its product what one shopper can add at most', async () => {
    const scoreOf = async (snapshot: Snapshot): Promise<number> => {
      const scorer = await scorerOf('popularity', snapshot);
      const scores = new Float32Array(scorer.products.size);
      const nothing = { productRows: new Uint32Array(), weights: new Float32Array() };
      scorer.scoreInto([{ ...nothing, occurredAt: new Float64Array(), now: later }], scores);
      return scores[scorer.products.rowOf(target)];
    };
    expect((await scoreOf(flooded)) - (await scoreOf(calm))).toBeCloseTo(Math.log2(26), 3);
  });

  it('counts with at most 25 events per product and day', () => {
    const { users, userOffsets, events } = flooded;
    const [from, to] = [0, 1].map(next => userOffsets[users.rowOf('bot') + next]);
    const counts = new Map<string, number>();
    for (let event = from; event < to; event++) {
      const key = `${events.productRow[event]} ${Math.floor(events.occurredAt[event] / 86_400_000)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(new Set(counts.values())).toEqual(new Set([25]));
    expect(flooded.events.length).toBe(calm.events.length + to - from);
  });

  it.each(['popularity', 'trending', 'item-neighbours', 'markov', 'collaborative'])(
    'does not bring its product into the first ten of %s',
    async name => {
      const ten = await firstTen(name, flooded, 'p0');
      expect(ten).toHaveLength(10);
      expect(ten).not.toContain(target);
      expect(await firstTen(name, calm, 'p0')).not.toContain(target);
    },
  );
});

const batchOf = (rows: readonly Interaction[]): InteractionBatch => ({
  length: rows.length,
  userIds: rows.map(({ userId }) => userId),
  productIds: rows.map(({ productId }) => productId),
  types: Uint8Array.from(rows, () => 0),
  values: Float64Array.from(rows, () => Number.NaN),
  sessionIds: rows.map(() => null),
  occurredAt: Float64Array.from(rows, ({ occurredAt }) => occurredAt),
});

async function snapshotOf(rows: readonly Interaction[], bounds?: ShopperBounds): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: later, ...(bounds && { bounds }) });
  builder.add(batchOf(rows));
  return await builder.build();
}

describe('the bounds of one shopper', () => {
  it('have an effect: without them the product of the bot is the first of the list', async () => {
    const target = rarestProduct(normal);
    const unbounded = await snapshotOf([...normal, ...floodOf(200_000, target)]);
    expect((await firstTen('markov', unbounded, 'p0'))[0]).toBe(target);
  });

  it('change no snapshot in which every shopper is within them', async () => {
    const within = await snapshotOf(normal, defaultShopperBounds);
    expect(within.digest).toBe((await snapshotOf(normal)).digest);
  });

  it('keep the latest events, for any order of arrival', async () => {
    const flood = floodOf(3_000, 'p79');
    const bounds = { events: 40, eventsPerProduct: 10, eventsPerProductAndDay: 8, texts: 10 };
    const forward = await snapshotOf(flood, bounds);
    const backward = await snapshotOf(flood.toReversed(), bounds);
    expect(backward.digest).toBe(forward.digest);
    expect(forward.events.length).toBe(40);
    expect(forward.events.occurredAt.at(-1)).toBe(flood.at(-1)?.occurredAt);
    const target = forward.products.rowOf('p79');
    expect(forward.events.productRow.filter(row => row === target)).toHaveLength(8);
  });
});

describe('shoppers who withdrew ANALYTICS', () => {
  const withdraw = (stores: Stores, user: string, granted: boolean) =>
    stores.users.upsertMany(
      shopId,
      [{ id: toUserId(user), consents: [{ purpose: 'ANALYTICS', granted, source: null }] }],
      start,
    );

  it('are in no snapshot, and return with their consent', async () => {
    const stores = await openShop(normal);
    const before = await readSnapshot(stores, shopId, later, signal);
    await withdraw(stores, 'u0', false);
    const without = await readSnapshot(stores, shopId, later, signal);
    const { userOffsets, users, events } = before;
    const row = users.rowOf('u0');
    expect(without.users.rowOf('u0')).toBe(-1);
    expect(without.events.length).toBe(events.length - (userOffsets[row + 1] - userOffsets[row]));
    await withdraw(stores, 'u0', true);
    expect((await readSnapshot(stores, shopId, later, signal)).digest).toBe(before.digest);
  });

  it('write no text that counts', async () => {
    const search: Interaction = { ...normal[0], id: toEventId('s'), type: 'SEARCH', queryText: 'rare words' };
    const stores = await openShop([...normal, search]);
    expect((await readSnapshot(stores, shopId, later, signal)).texts?.texts).toEqual(['rare words']);
    await withdraw(stores, search.userId, false);
    expect((await readSnapshot(stores, shopId, later, signal)).texts).toBeUndefined();
  });
});
