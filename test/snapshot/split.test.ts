import { withDocuments } from '../../src/snapshot/documents';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';
import { holdOutLatest } from '../../src/snapshot/holdOutLatest';
import { preferencesOf } from '../../src/snapshot/preferences';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { type HeldOut, leaveLastOut, splitByTime } from '../../src/snapshot/split';
import { snapshotOf, type TestEvent } from '../support/snapshots';

const sequence = (user: string, products: string, start = 0): TestEvent[] =>
  Array.from(products, (product, index) => ({ user, product, at: start + index }));

function heldOutOf(snapshot: Snapshot, { offsets, productRows }: HeldOut): Record<string, string> {
  const lists: Record<string, string> = {};
  for (let user = 0; user < snapshot.users.size; user++) {
    const rows = productRows.subarray(offsets[user], offsets[user + 1]);
    lists[snapshot.users.idOf(user)] = Array.from(rows, row => snapshot.products.idOf(row)).join('');
  }
  return lists;
}

function trainOf(snapshot: Snapshot): Record<string, string> {
  const { events, userOffsets } = snapshot;
  const lists: Record<string, string> = {};
  for (let user = 0; user < snapshot.users.size; user++) {
    const rows = events.productRow.subarray(userOffsets[user], userOffsets[user + 1]);
    lists[snapshot.users.idOf(user)] = Array.from(rows, row => snapshot.products.idOf(row)).join('');
  }
  return lists;
}

describe('leaveLastOut', () => {
  const events = [...sequence('u', 'abcd'), ...sequence('v', 'abab'), ...sequence('w', 'aa')];

  it('holds out the last new product, and every event from then on', async () => {
    const { train, heldOut } = await leaveLastOut(await snapshotOf(events));
    expect(heldOutOf(train, heldOut)).toEqual({ u: 'd', v: 'b', w: '' });
    expect(trainOf(train)).toEqual({ u: 'abc', v: 'a', w: 'aa' });
  });

  it('holds out the previous new product for validation', async () => {
    const { train, heldOut } = await leaveLastOut(await snapshotOf(events), 1);
    expect(heldOutOf(train, heldOut)).toEqual({ u: 'c', v: '', w: '' });
    expect(trainOf(train)).toEqual({ u: 'ab', v: 'a', w: 'aa' });
  });

  it('keeps the documents: a model is measured with the texts it is trained with', async () => {
    const documentVectors = { dimensions: 2, rows: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const described = await withDocuments(await snapshotOf(events), new Map());
    const { train } = await leaveLastOut({ ...described, documentVectors });
    expect(train.documents).toBe(described.documents);
    expect(train.documentVectors).toBe(documentVectors);
  });

  it('keeps the rows, and gives the training part another digest', async () => {
    const snapshot = await snapshotOf(events);
    const { train } = await leaveLastOut(snapshot);
    expect(train.products).toBe(snapshot.products);
    expect(train.digest).not.toBe(snapshot.digest);
    expect(preferencesOf(train).indptr.length).toBe(snapshot.users.size + 1);
  });
});

describe('splitByTime', () => {
  it('splits all users at one instant, and holds out products that are new to them after it', async () => {
    const snapshot = await snapshotOf([
      ...sequence('u', 'abcdab'),
      ...sequence('v', 'abc', 4),
      { user: 'v', product: 'd', at: 8, type: 'DISLIKE' },
    ]);
    const { train, heldOut } = await splitByTime(snapshot, 0.4);
    expect(trainOf(train)).toEqual({ u: 'abcda', v: 'a' });
    expect(heldOutOf(train, heldOut)).toEqual({ u: '', v: 'bc' });
    expect(train.asOf).toBe(4);
  });

  it('refuses a share that leaves one part empty', async () => {
    const snapshot = await snapshotOf(sequence('u', 'ab'));
    await expect(splitByTime(snapshot, 1)).rejects.toThrow(RangeError);
    await expect(splitByTime(snapshot, Number.NaN)).rejects.toThrow(RangeError);
  });
});

describe('snapshotFromPairs', () => {
  it('converts every pair to one event of weight 1, and keeps ids without pairs', async () => {
    const snapshot = await snapshotFromPairs({
      userIds: ['v', 'u'],
      productIds: ['b', 'a', 'c'],
      user: Uint32Array.of(0, 1, 1),
      product: Uint32Array.of(0, 1, 0),
    });
    expect(snapshot.products.size).toBe(3);
    expect(trainOf(snapshot)).toEqual({ u: 'ab', v: 'b' });
    expect([...preferencesOf(snapshot).values]).toEqual([1, 1, 1]);
    expect(snapshot.asOf).toBe(0);
  });

  it('sorts pairs by time', async () => {
    const snapshot = await snapshotFromPairs({
      userIds: ['u'],
      productIds: ['a', 'b'],
      user: Uint32Array.of(0, 0),
      product: Uint32Array.of(0, 1),
      occurredAt: Float64Array.of(9, 4),
    });
    expect(trainOf(snapshot)).toEqual({ u: 'ba' });
    expect(snapshot.asOf).toBe(9);
  });
});

describe('orders of several products', () => {
  const order = (user: string, products: string, at: number): TestEvent[] =>
    Array.from(products, product => ({ user, product, at }));
  const sorted = (lists: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(lists).map(([user, list]) => [user, [...list].sort().join('')]));

  it('are held out as a whole; their new products are all right answers', async () => {
    const events = [
      ...order('u', 'abz', 1),
      ...order('u', 'cd', 2),
      ...order('u', 'aef', 3),
      ...order('v', 'abc', 1),
    ];
    const last = await leaveLastOut(await snapshotOf(events));
    expect(heldOutOf(last.train, last.heldOut)).toEqual({ u: 'ef', v: '' });
    expect(sorted(trainOf(last.train))).toEqual({ u: 'abcdz', v: 'abc' });
    const before = await leaveLastOut(await snapshotOf(events), 1);
    expect(heldOutOf(before.train, before.heldOut)).toEqual({ u: 'cd', v: '' });
    expect(sorted(trainOf(before.train))).toEqual({ u: 'abz', v: 'abc' });
  });

  it('hold out the same products whatever the products are called', async () => {
    const events = [...order('u', 'abc', 1), ...order('u', 'def', 2)];
    const renamed = events.map(event => ({
      ...event,
      product: 'fbdace'['abcdef'.indexOf(event.product ?? '')],
    }));
    const { train, heldOut } = await leaveLastOut(await snapshotOf(renamed));
    expect(heldOutOf(train, heldOut)).toEqual({ u: 'ace' });
    expect(sorted(trainOf(train))).toEqual({ u: 'bdf' });
  });

  it('go to one side of a split by time, also when an invoice lasts for several instants', async () => {
    const invoice = (['a', 'b', 'c'] as const).map(
      (product, line): TestEvent => ({ user: 'u', product, at: 5 + line, type: 'PURCHASE', session: 'i' }),
    );
    const events = [...order('u', 'xy', 1), ...order('v', 'xy', 2), ...order('v', 'abc', 6), ...invoice];
    // Half of the events are up to instant 6; the invoice ends at 7.
    const { train, heldOut } = await splitByTime(await snapshotOf(events), 0.3);
    expect(train.asOf).toBe(6);
    expect(heldOutOf(train, heldOut)).toEqual({ u: 'abc', v: '' });
    expect(sorted(trainOf(train))).toEqual({ u: 'xy', v: 'abcxy' });
  });

  it('leave products to find, by a draw, where shoppers have a single order', async () => {
    const shoppers = Array.from({ length: 40 }, (_, user) => order(`u${10 + user}`, 'abcdefghij', 1)).flat();
    const options = { minUsers: 30, share: 0.1, seed: 1 };
    const single = await holdOutLatest(await snapshotOf(shoppers), options);
    expect(single.isDrawn).toBe(true);
    const lists = Object.values(heldOutOf(single.split.train, single.split.heldOut));
    expect(lists.every(list => list.length === 1)).toBe(true);
    expect(new Set(lists).size).toBeGreaterThan(6);
    const twice = shoppers.map(event => ({ ...event, product: event.product?.toUpperCase() ?? null, at: 2 }));
    const double = await holdOutLatest(await snapshotOf([...shoppers, ...twice]), options);
    expect(double.isDrawn).toBe(false);
    expect(new Set(Object.values(heldOutOf(double.split.train, double.split.heldOut)))).toEqual(
      new Set(['ABCDEFGHIJ']),
    );
  });
});
