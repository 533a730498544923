import { defaultEventWeights } from '../../src/domain/shopPolicy';
import { maxPairWeight } from '../../src/snapshot/eventWeight';
import { preferencesOf } from '../../src/snapshot/preferences';
import { snapshotOf, type TestEvent } from '../support/snapshots';

async function entriesOf(events: readonly TestEvent[]): Promise<Record<string, number>> {
  const snapshot = await snapshotOf(events);
  const { indptr, indices, values } = preferencesOf(snapshot);
  const entries: Record<string, number> = {};
  for (let user = 0; user < snapshot.users.size; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      entries[`${snapshot.users.idOf(user)}:${snapshot.products.idOf(indices[entry])}`] = values[entry];
    }
  }
  return entries;
}

describe('preferencesOf', () => {
  it('sums the event weights of each pair', async () => {
    const entries = await entriesOf([
      { user: 'u', product: 'b' },
      { user: 'u', product: 'a', type: 'CART_ADD', at: 1 },
      { user: 'u', product: 'b', type: 'PURCHASE', at: 2 },
      { user: 'v', product: 'b', type: 'DISLIKE' },
    ]);
    expect(entries).toEqual({ 'u:a': 3, 'u:b': 6, 'v:b': -6 });
  });

  it('counts a purchase once, for any number of units', async () => {
    expect(await entriesOf([{ user: 'u', product: 'a', type: 'PURCHASE', value: 144 }])).toEqual({
      'u:a': 5,
    });
  });

  it.each([
    [1, -2.4],
    [2.5, 0],
    [5, 4],
    [99, 4],
    [-3, -4],
    [Number.NaN, 0],
  ])('converts %d stars to %d', async (value, weight) => {
    const entries = await entriesOf([{ user: 'u', product: 'a', type: 'RATING', value }]);
    expect(entries['u:a']).toBeCloseTo(weight, 6);
  });

  it.each([
    [1, -2.4],
    [5, 4],
    [Number.NaN, 4],
  ])('converts a review of %d stars to %d', async (value, weight) => {
    const entries = await entriesOf([{ user: 'u', product: 'a', type: 'REVIEW', value }]);
    expect(entries['u:a']).toBeCloseTo(weight, 6);
  });

  it('keeps a pair whose events cancel out', async () => {
    const entries = await entriesOf([
      { user: 'u', product: 'a', type: 'PURCHASE' },
      { user: 'u', product: 'a', type: 'RETURN', at: 1 },
    ]);
    expect(entries).toEqual({ 'u:a': 0 });
  });

  it('clamps the sum, not the steps', async () => {
    const purchases = Array.from({ length: 9 }, (_, at) => ({
      user: 'u',
      product: 'a',
      type: 'PURCHASE' as const,
      at,
    }));
    expect(await entriesOf(purchases)).toEqual({ 'u:a': maxPairWeight });
    const returned = [...purchases, { user: 'u', product: 'a', type: 'RETURN' as const, at: 99 }];
    expect(
      await entriesOf([
        ...returned,
        ...returned.slice(-1),
        ...returned.slice(-1),
        ...returned.slice(-1),
        ...returned.slice(-1),
      ]),
    ).toEqual({
      'u:a': 20,
    });
  });

  it('has ascending rows within a user, and matching offsets', async () => {
    const snapshot = await snapshotOf(
      ['d', 'b', 'c', 'a', 'b'].map((product, at) => ({ user: 'u', product, at })),
    );
    const { indptr, indices, values } = preferencesOf(snapshot);
    expect([...indptr]).toEqual([0, 4]);
    expect([...indices]).toEqual([0, 1, 2, 3]);
    expect([...values]).toEqual([1, 2, 1, 1]);
  });

  it("weighs events by the shop's own weights, which the snapshot carries", async () => {
    const weights = { ...defaultEventWeights, VIEW: 0.25 };
    const snapshot = await snapshotOf([{ user: 'u', product: 'a' }], 1, weights);
    expect([...preferencesOf(snapshot).values]).toEqual([0.25]);
  });
});
