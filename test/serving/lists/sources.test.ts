import { type Barred, type ExclusionReason, exclusionsOf } from '../../../src/serving/lists/exclusions';
import {
  type Eligible,
  newestSource,
  noProposals,
  type Shopper,
  shopperSource,
  similarSource,
} from '../../../src/serving/lists/sources';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import { createMaskCache } from '../../../src/serving/live/filter';
import { emptyHistory } from '../../../src/serving/live/history';
import { type LiveModel, loadLiveModel } from '../../../src/serving/live/liveModel';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { loadTestModel, nearbyArtifact, now, openTestShop, product, publish, shopId } from '../support';

/** The model `nearby` over ten products, which are the first of the catalogue. */
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
  const mask = createMaskCache(catalogue, () => 'EUR').maskFor({ minPriceMinor: 100 });
  return { live, eligible: { catalogue, mask } };
}

const shopperWhoLiked = (row: number): Shopper => ({
  history: {
    ...emptyHistory,
    userId: 'shopper',
    products: new Map([[product(row), { weight: 1, occurredAt: now, lastEventAt: now }]]),
  },
  rememberedAs: null,
});

const barring = (
  entries: readonly (readonly [number, ExclusionReason])[] = [],
  taken: readonly number[] = [],
): Barred => ({
  exclusions: new Map(entries.map(([row, reason]) => [product(row), reason] as const)),
  taken: taken.map(product),
});

describe('a source', () => {
  it('withholds barred products that it would have proposed, with their scores and reasons', async () => {
    const { live, eligible } = await openModel();
    const source = shopperSource(live, shopperWhoLiked(5), () => eligible, now);
    const barred = barring([
      [5, 'ALREADY_SEEN'],
      [1, 'IN_CONTEXT'],
      [0, 'EXCLUDED_BY_REQUEST'],
    ]);
    const { productIds, scores, withheld, hasScores } = source.propose(2, barred);
    expect([productIds, scores]).toEqual([
      [product(4), product(6)],
      [0.5, 0.5],
    ]);
    // Product 1 has a lower score than the proposals, and the filter refuses product 0.
    expect(withheld).toEqual([{ productId: product(5), score: 1, reason: 'ALREADY_SEEN' }]);
    expect(hasScores).toBe(true);
  });

  it('scores products of earlier sources, except those that the filters refuse or it does not know', async () => {
    const { live, eligible } = await openModel();
    const source = similarSource(live, product(1), () => eligible);
    const { productIds, takenScores } = source.propose(1, barring([], [2, 9, 0, 11]));
    expect(productIds).toEqual([product(3)]);
    expect(takenScores).toEqual([0.5, expect.closeTo(1 / 9, 6), Number.NaN, Number.NaN]);
  });

  it('withholds every barred product with a score, when it proposes fewer than requested', async () => {
    const { live, eligible } = await openModel();
    const source = shopperSource(live, shopperWhoLiked(5), () => eligible, now);
    const { productIds, withheld } = source.propose(20, barring([[1, 'IN_CONTEXT']]));
    expect(productIds).toHaveLength(8);
    expect(withheld.map(({ productId }) => productId)).toEqual([product(1)]);
  });

  it('has no scores for a shopper or a product that its model does not know', async () => {
    const { live, eligible } = await openModel();
    const source = shopperSource(live, shopperWhoLiked(11), () => eligible, now);
    expect(source.propose(3, barring())).toBe(noProposals);
    expect(similarSource(live, product(11), () => eligible).propose(3, barring())).toBe(noProposals);
  });

  it('of the newest products has descending scores, and withholds those it skips', async () => {
    const { eligible } = await openModel();
    const barred = barring([[1, 'IN_CONTEXT']], [2]);
    const { productIds, scores, withheld } = newestSource(() => eligible).propose(2, barred);
    expect([productIds, scores]).toEqual([
      [product(3), product(4)],
      [-0, -1],
    ]);
    expect(withheld).toEqual([{ productId: product(1), score: -0, reason: 'IN_CONTEXT' }]);
  });
});

it('prefers the exclusion by the request to other reasons', () => {
  const one = [product(1)];
  const exclusions = exclusionsOf({ alreadySeen: one, inContext: one, byRequest: one });
  expect([...exclusions]).toEqual([[product(1), 'EXCLUDED_BY_REQUEST']]);
});
