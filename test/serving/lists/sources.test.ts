import type { ExclusionReason } from '../../../src/serving/lists/exclusions';
import { exclusionsOf } from '../../../src/serving/lists/exclusions';
import {
  type Eligible,
  newestSource,
  type Shopper,
  shopperSource,
  similarSource,
} from '../../../src/serving/lists/sources';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import { createMaskCache } from '../../../src/serving/live/filter';
import { type LiveModel, loadLiveModel } from '../../../src/serving/live/liveModel';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { loadTestModel, nearbyArtifact, now, openTestShop, product, publish, shopId } from '../support';

/** The model `nearby` over ten products, and a catalogue of which those are the first. */
async function openModel(): Promise<{ readonly live: LiveModel; readonly eligible: Eligible }> {
  const { stores } = await openTestShop({}, 12);
  const catalogue = createCatalogue();
  for await (const products of stores.products.changedSince(shopId, 0)) catalogue.apply(products);
  const { artifacts } = createMemoryStores();
  const ids = Array.from({ length: 10 }, (_, row) => product(row));
  await publish({ ...stores, artifacts }, nearbyArtifact(ids), 'v1');
  const [record] = await artifacts.liveOf(shopId);
  const config = { liveStates: 1, scanFrom: Number.POSITIVE_INFINITY };
  const live = await loadLiveModel(record, loadTestModel('nearby'), artifacts, catalogue, config);
  const mask = createMaskCache(catalogue).maskFor({ minPriceMinor: 100 });
  return { live, eligible: { catalogue, mask } };
}

const shopperWhoLiked = (row: number): Shopper => ({
  history: {
    products: new Map([[product(row), { weight: 1, occurredAt: now }]]),
    settled: new Set(),
  },
  rememberedAs: null,
});

const barring = (entries: readonly (readonly [number, ExclusionReason])[]) =>
  new Map(entries.map(([row, reason]) => [product(row), reason] as const));

describe('a source', () => {
  it('withholds barred products that it would have proposed, with their scores and reasons', async () => {
    const { live, eligible } = await openModel();
    const source = shopperSource(live, shopperWhoLiked(5), () => eligible, now);
    const barred = barring([
      [5, 'ALREADY_SEEN'],
      [1, 'IN_CONTEXT'],
      [0, 'EXCLUDED_BY_REQUEST'],
    ]);
    const { items, withheld, hasScores } = source.propose(2, barred);
    expect(items.map(({ productId }) => productId)).toEqual([product(4), product(6)]);
    // The second is less like the fifth than what is proposed; the first has a lower price than the filter lets pass.
    expect(withheld).toEqual([{ productId: product(5), score: 1, reason: 'ALREADY_SEEN' }]);
    expect(hasScores).toBe(true);
  });

  it('withholds products of an earlier source with any score, and none that the filters refuse', async () => {
    const { live, eligible } = await openModel();
    const barred = barring([
      [9, 'TAKEN_BY_SOURCE'],
      [0, 'TAKEN_BY_SOURCE'],
      [11, 'TAKEN_BY_SOURCE'],
    ]);
    const { withheld } = similarSource(live, product(1), () => eligible).propose(1, barred);
    expect(withheld).toEqual([
      { productId: product(9), score: expect.closeTo(1 / 9, 6), reason: 'TAKEN_BY_SOURCE' },
    ]);
  });

  it('withholds every barred product it has a score for, when it proposes fewer than it was asked for', async () => {
    const { live, eligible } = await openModel();
    const source = shopperSource(live, shopperWhoLiked(5), () => eligible, now);
    const { items, withheld } = source.propose(20, barring([[1, 'IN_CONTEXT']]));
    expect(items).toHaveLength(8);
    expect(withheld.map(({ productId }) => productId)).toEqual([product(1)]);
  });

  it('has no scores for a shopper or a product that its model does not know', async () => {
    const { live, eligible } = await openModel();
    const nothing = { items: [], hasScores: false, withheld: [] };
    const source = shopperSource(live, shopperWhoLiked(11), () => eligible, now);
    expect(source.propose(3, new Map())).toEqual(nothing);
    expect(similarSource(live, product(11), () => eligible).propose(3, new Map())).toEqual(nothing);
  });

  it('of the newest products counts down, and withholds those it passes over', async () => {
    const { eligible } = await openModel();
    const { items, withheld } = newestSource(() => eligible).propose(2, barring([[1, 'IN_CONTEXT']]));
    expect(items).toEqual([
      { productId: product(2), score: -0 },
      { productId: product(3), score: -1 },
    ]);
    expect(withheld).toEqual([{ productId: product(1), score: -0, reason: 'IN_CONTEXT' }]);
  });
});

it('takes the wish of the request before other reasons for an exclusion', () => {
  const one = [product(1)];
  const exclusions = exclusionsOf({ alreadySeen: one, inContext: one, byRequest: one });
  expect([...exclusions]).toEqual([[product(1), 'EXCLUDED_BY_REQUEST']]);
});
