import fc from 'fast-check';
import { holdOutShare } from '../../src/snapshot/holdOutShare';
import { snapshotOf } from '../support/snapshots';

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 9 })), {
  minLength: 1,
  maxLength: 60,
});

describe('holdOutShare', () => {
  it('splits each user’s products in two, keeps some of every user, and has no event of a held-out one', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.double({ min: 0.05, max: 0.95, noNaN: true }), async (list, share) => {
        const snapshot = await snapshotOf(
          list.map(([user, product]) => ({ user: `u${user}`, product: `p${product}` })),
        );
        const { train, heldOut } = await holdOutShare(snapshot, share, 5);
        for (let user = 0; user < snapshot.users.size; user++) {
          const all = new Set(
            snapshot.events.productRow.subarray(snapshot.userOffsets[user], snapshot.userOffsets[user + 1]),
          );
          const kept = new Set(
            train.events.productRow.subarray(train.userOffsets[user], train.userOffsets[user + 1]),
          );
          const held = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
          expect(kept.size + held.length).toBe(all.size);
          expect(kept.size).toBeGreaterThan(0);
          expect(held.length > 0).toBe(all.size > 1);
          for (const product of held) expect(kept.has(product)).toBe(false);
        }
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('draws the same products for the same seed, and refuses a share out of range', async () => {
    const snapshot = await snapshotOf(
      Array.from({ length: 12 }, (_, n) => ({ user: 'u', product: `p${n}` })),
    );
    const [one, other] = [await holdOutShare(snapshot, 0.5, 1), await holdOutShare(snapshot, 0.5, 1)];
    expect(one.heldOut).toEqual(other.heldOut);
    expect(one.heldOut.productRows).toHaveLength(6);
    await expect(holdOutShare(snapshot, 1, 1)).rejects.toThrow(RangeError);
  });
});
