import { toUserId, type UserId } from '../../../src/domain/ids';
import type { Model, Scorer, ShopperHistory } from '../../../src/models/model';
import { purchaseLedgerOf } from '../../../src/models/purchases';
import { createLiveStates } from '../../../src/serving/live/liveStates';
import { createRecommender, type Recommender } from '../../../src/serving/recommender';
import type { Stores } from '../../../src/store/ports/stores';
import {
  countingIds,
  interaction,
  loadTestModel,
  nearbyArtifact,
  now,
  openTestShop,
  product,
  publish,
  request,
  shopId,
} from '../support';

type Entry = readonly [row: number, weight: number, at: number];

const historyOf = (...entries: readonly Entry[]): ShopperHistory => ({
  productRows: Uint32Array.from(entries, ([row]) => row),
  weights: Float32Array.from(entries, ([, weight]) => weight),
  occurredAt: Float64Array.from(entries, ([, , at]) => at),
  now,
});

/** States that record how they were made: `open 1,2` and `append 3`. */
function watched() {
  const notes: string[] = [];
  const openState: Scorer<'openState'>['openState'] = history => {
    notes.push(`open ${[...history.productRows].join()}`);
    return {
      append: (row, weight) => void notes.push(`append ${row} ${weight}`),
      scoreInto: out => void out.fill(notes.length),
    };
  };
  return { notes, openState };
}

const [anna, ben, cleo] = ['anna', 'ben', 'cleo'].map(toUserId);
const out = new Float32Array(1);

describe('live states', () => {
  it('append the new events at the end of a history, and are opened once', () => {
    const { notes, openState } = watched();
    const states = createLiveStates(openState, 10);
    states.scoreInto(anna, historyOf([1, 1, 10]), out);
    states.scoreInto(anna, historyOf([1, 1, 10], [2, 5, 20], [3, 1, 30]), out);
    states.scoreInto(anna, historyOf([1, 1, 10], [2, 5, 20], [3, 1, 30]), out);
    expect(notes).toEqual(['open 1', 'append 2 5', 'append 3 1']);
  });

  it('append the increase in weight of a repeated product', () => {
    const { notes, openState } = watched();
    const states = createLiveStates(openState, 10);
    states.scoreInto(anna, historyOf([1, 1, 10], [2, 1, 20], [3, 1, 30]), out);
    states.scoreInto(anna, historyOf([1, 1, 10], [3, 1, 30], [2, 4, 40]), out);
    expect(notes).toEqual(['open 1,2,3', 'append 2 3']);
  });

  it.each<[string, ShopperHistory]>([
    ['an event that came late', historyOf([9, 1, 5], [1, 1, 10], [2, 1, 20])],
    ['a weight that changed without a new event', historyOf([1, 3, 10], [2, 1, 20])],
    ['a product that is gone', historyOf([2, 1, 20], [3, 1, 30])],
    ['nothing of what was', historyOf([7, 1, 70])],
  ])('are opened again for %s', (_, changed) => {
    const { notes, openState } = watched();
    const states = createLiveStates(openState, 10);
    states.scoreInto(anna, historyOf([1, 1, 10], [2, 1, 20]), out);
    states.scoreInto(anna, changed, out);
    expect(notes).toEqual(['open 1,2', `open ${[...changed.productRows].join()}`]);
  });

  it('are opened again after a purchase, because events of a state have no type', () => {
    const { notes, openState } = watched();
    const states = createLiveStates(openState, 10);
    const purchases = purchaseLedgerOf([[1, 10]]).of([1, 2]);
    states.scoreInto(anna, historyOf([1, 1, 10]), out);
    states.scoreInto(anna, { ...historyOf([1, 1, 10], [2, 1, 20]), ...(purchases && { purchases }) }, out);
    states.scoreInto(anna, { ...historyOf([1, 1, 10], [2, 1, 20]), ...(purchases && { purchases }) }, out);
    expect(notes).toEqual(['open 1', 'open 1,2']);
  });

  it('are kept for the latest shoppers only', () => {
    const { notes, openState } = watched();
    const states = createLiveStates(openState, 2);
    for (const userId of [anna, ben, anna, cleo, anna, ben])
      states.scoreInto(userId, historyOf([1, 1, 1]), out);
    expect(notes).toHaveLength(4);
    expect(states.size).toBe(2);
  });

  it('are dropped when a shopper is forgotten, and some sweeps after the last visit', () => {
    const { openState } = watched();
    const states = createLiveStates(openState, 10, 2);
    for (const userId of [anna, ben, cleo]) states.scoreInto(userId, historyOf([1, 1, 1]), out);
    states.forget(anna);
    expect(states.size).toBe(2);
    states.sweep();
    states.scoreInto(ben, historyOf([1, 1, 1]), out);
    states.sweep();
    states.sweep();
    expect(states.size).toBe(1);
    states.sweep();
    expect(states.size).toBe(0);
  });

  it('are not used again after a step failed', () => {
    const states = createLiveStates(
      () => ({
        append: () => {
          throw new RangeError('Expected to fail.');
        },
        scoreInto: () => undefined,
      }),
      10,
    );
    states.scoreInto(anna, historyOf([1, 1, 1]), out);
    expect(() => states.scoreInto(anna, historyOf([1, 1, 1], [2, 1, 2]), out)).toThrow(RangeError);
    expect(states.size).toBe(0);
  });
});

/** `nearby`, with states that score their whole history again, and a count of how often they are opened. */
async function open(): Promise<{ stores: Stores; recommender: Recommender; notes: string[] }> {
  const { stores } = await openTestShop();
  const notes: string[] = [];
  const nearby = loadTestModel('nearby');
  const withStates: Model = {
    ...nearby,
    load(artifact): Scorer<'openState'> {
      const scorer = nearby.load(artifact);
      return {
        ...scorer,
        openState(history) {
          notes.push('open');
          const held = new Map(Array.from(history.productRows, (row, at) => [row, history.weights[at]]));
          return {
            append(row, weight) {
              notes.push('append');
              held.set(row, (held.get(row) ?? 0) + weight);
            },
            scoreInto(scores) {
              const entries = [...held].map(([row, weight]): Entry => [row, weight, now]);
              scorer.scoreInto([historyOf(...entries)], scores);
            },
          };
        },
      };
    },
  };
  await publish(stores, nearbyArtifact(Array.from({ length: 40 }, (_, row) => product(row))), 'v1');
  const recommender = createRecommender({
    stores,
    loadModel: name => (name === 'nearby' ? withStates : loadTestModel(name)),
    newId: countingIds(),
    onError: error => {
      throw error;
    },
    config: { reconcileMs: 0 },
  });
  return { stores, recommender, notes };
}

const first = async (recommender: Recommender, userId: UserId, given = {}): Promise<string> =>
  (await recommender.recommend(request({ userId, first: 1, ...given }))).items[0].productId;

describe('a model with live states', () => {
  it('reflects the last event at the next request, by a step', async () => {
    const { stores, recommender, notes } = await open();
    await stores.interactions.insertMany([interaction('1', 'anna', product(10), 'VIEW', now - 9_000)]);
    expect(await first(recommender, anna)).toBe(product(10));
    await stores.interactions.insertMany([interaction('2', 'anna', product(30), 'CART_ADD', now - 8_000)]);
    expect(await first(recommender, anna)).toBe(product(30));
    expect(notes).toEqual(['open', 'append']);
    await stores.interactions.insertMany([interaction('3', 'anna', product(20), 'CART_ADD', now - 8_500)]);
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'append', 'open']);
    await recommender.stop();
  });

  it('does not put the cart and the current product into a state', async () => {
    const { stores, recommender, notes } = await open();
    await stores.interactions.insertMany([interaction('1', 'anna', product(10), 'VIEW', now - 9_000)]);
    await first(recommender, anna);
    expect(await first(recommender, anna, { cartProductIds: [product(30)] })).not.toBe(product(10));
    expect(await first(recommender, anna)).toBe(product(10));
    expect(notes).toEqual(['open']);
    await recommender.stop();
  });
});

describe('a model that is notified of shoppers to forget', () => {
  it.each([
    ['is shut out', { deactivatedAt: now }],
    [
      'withdraws consent',
      { consents: [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }] },
    ],
  ])('forgets a shopper who %s when it is notified, before any request', async (_, change) => {
    const { stores, recommender, notes } = await open();
    await recommender.start();
    await stores.interactions.insertMany([interaction('1', 'anna', product(10), 'VIEW', now - 9_000)]);
    await first(recommender, anna);
    await stores.users.upsertMany(shopId, [{ id: anna, ...change }], now);
    await new Promise(resolve => setImmediate(resolve));
    const granted = { purpose: 'PERSONALIZATION' as const, granted: true, source: null };
    await stores.users.upsertMany(shopId, [{ id: anna, deactivatedAt: null, consents: [granted] }], now);
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'open']);
    await recommender.stop();
  });

  it('forgets a shopper whose events were removed', async () => {
    const { stores, recommender, notes } = await open();
    const seen = interaction('1', 'anna', product(10), 'VIEW', now - 9_000);
    await stores.interactions.insertMany([seen]);
    await first(recommender, anna);
    await stores.interactions.removeOlderThan(shopId, now);
    await first(recommender, anna);
    await stores.interactions.insertMany([{ ...seen, id: interaction('2', 'anna', product(10)).id }]);
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'open']);
    await recommender.stop();
  });
});

describe('a model whose notifications were interrupted', () => {
  it('drops all states when changes may have been missed', async () => {
    const { stores, notes, recommender: other } = await open();
    await other.stop();
    let lose = (): void => undefined;
    const { changes } = stores;
    const losing: Stores['changes'] = {
      subscribe(onChange, onLost) {
        lose = onLost;
        return changes.subscribe(onChange, onLost);
      },
    };
    Object.assign(stores, { changes: losing });
    const recommender = other;
    await recommender.start();
    await stores.interactions.insertMany([interaction('1', 'anna', product(10), 'VIEW', now - 9_000)]);
    await first(recommender, anna);
    lose();
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'open']);
    await recommender.stop();
  });

  it('forgets a shopper who withdraws consent, and all when another version serves', async () => {
    const { stores, recommender, notes } = await open();
    await stores.interactions.insertMany([interaction('1', 'anna', product(10), 'VIEW', now - 9_000)]);
    const consent = (granted: boolean) =>
      stores.users.upsertMany(
        shopId,
        [{ id: anna, consents: [{ purpose: 'PERSONALIZATION', granted, source: null }] }],
        now,
      );
    await first(recommender, anna);
    await consent(false);
    await first(recommender, anna);
    await consent(true);
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'open']);
    await publish(stores, nearbyArtifact([product(10), product(11)]), 'v2');
    await recommender.refresh(shopId);
    await first(recommender, anna);
    expect(notes).toEqual(['open', 'open', 'open']);
    await recommender.stop();
  });
});
