import fc from 'fast-check';
import { interactionTypeOf, interactionTypes } from '../../src/domain/interaction';
import { defaultEventWeights } from '../../src/domain/shopPolicy';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import { withDocuments } from '../../src/snapshot/documents';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { splitByTime, withEvents } from '../../src/snapshot/split';
import { batchOf, snapshotOf, type TestEvent } from '../support/snapshots';

const minute = 60_000;

function eventsOf(snapshot: Snapshot, user: string): readonly string[] {
  const row = snapshot.users.rowOf(user);
  const { events, userOffsets } = snapshot;
  const texts: string[] = [];
  for (let event = userOffsets[row]; event < userOffsets[row + 1]; event++) {
    const product = snapshot.products.idOf(events.productRow[event]);
    texts.push(`${events.occurredAt[event]} ${product} ${interactionTypeOf(events.type[event])}`);
  }
  return texts;
}

describe('createSnapshotBuilder', () => {
  it('orders users and products by id, and events by user, time, drawn place of the product, type', async () => {
    const snapshot = await snapshotOf([
      { user: 'u2', product: 'b', at: 5 },
      { user: 'u1', product: 'c', at: 9, type: 'PURCHASE' },
      { user: 'u1', product: 'c', at: 9 },
      { user: 'u1', product: 'a', at: 9 },
      { user: 'u1', product: 'z', at: 2 },
    ]);
    expect([0, 1].map(row => snapshot.users.idOf(row))).toEqual(['u1', 'u2']);
    expect([0, 1, 2, 3].map(row => snapshot.products.idOf(row))).toEqual(['a', 'b', 'c', 'z']);
    expect(eventsOf(snapshot, 'u1')).toEqual(['2 z VIEW', '9 c VIEW', '9 c PURCHASE', '9 a VIEW']);
    expect([...snapshot.events.order]).toEqual([0, 1, 1, 1, 2]);
    expect([...snapshot.userOffsets]).toEqual([0, 4, 5]);
  });

  it('leaves out searches without a product and events after asOf', async () => {
    const events: TestEvent[] = [
      { user: 'u', product: null, type: 'SEARCH' },
      { user: 'u', product: 'a', at: 10 },
      { user: 'late', product: 'b', at: 11 },
    ];
    const snapshot = await snapshotOf(events, 10);
    expect([snapshot.users.size, snapshot.products.size, snapshot.events.length]).toEqual([1, 1, 1]);
    expect(snapshot.asOf).toBe(10);
  });

  it('builds an empty snapshot without events', async () => {
    const snapshot = await snapshotOf([]);
    expect([snapshot.users.size, snapshot.products.size, snapshot.userOffsets.length]).toEqual([0, 0, 1]);
  });

  it('keeps given sessions, and splits the other events after 30 minutes of silence', async () => {
    const { events } = await snapshotOf([
      { user: 'u', product: 'a', at: 0 },
      { user: 'u', product: 'a', at: 10 * minute, session: 's' },
      { user: 'u', product: 'a', at: 30 * minute },
      { user: 'u', product: 'a', at: 61 * minute },
      { user: 'u', product: 'a', at: 500 * minute, session: 's' },
      { user: 'v', product: 'a', at: 0, session: 's' },
    ]);
    expect([...events.session]).toEqual([0, 1, 0, 2, 1, 3]);
  });

  it('keeps all events while its columns grow', async () => {
    const builder = createSnapshotBuilder({ asOf: 1e9 });
    for (let batch = 0; batch < 30; batch++) {
      builder.add(
        batchOf(
          Array.from({ length: 1000 }, (_, index) => ({
            user: `u${index % 7}`,
            product: `p${batch}`,
            at: batch * 1000 + index,
          })),
        ),
      );
    }
    const snapshot = await builder.build();
    expect(snapshot.events.length).toBe(30_000);
    expect(snapshot.events.occurredAt.reduce((sum, at) => sum + at, 0)).toBe((29_999 * 30_000) / 2);
  });
});

describe('the digest of a snapshot', () => {
  const anyEvent = fc.record({
    user: fc.constantFrom('u', 'v', 'w', '杯'),
    product: fc.constantFrom('a', 'b', 'c', null),
    at: fc.integer({ min: 0, max: 5 }),
    type: fc.constantFrom(...interactionTypes),
    value: fc.constantFrom(Number.NaN, 1, 2.5),
    session: fc.constantFrom('s', 't'),
  });

  it('gives the same digest for the same events, in any order and batches', async () => {
    const shuffles = fc
      .array(anyEvent, { maxLength: 40 })
      .chain(events =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.nat(events.length),
        ),
      );
    await fc.assert(
      fc.asyncProperty(shuffles, async ([events, shuffled, cut]) => {
        const builder = createSnapshotBuilder({ asOf: 4 });
        builder.add(batchOf(shuffled.slice(0, cut)));
        builder.add(batchOf(shuffled.slice(cut)));
        expect((await builder.build()).digest).toBe((await snapshotOf(events, 4)).digest);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  const carried: readonly TestEvent[] = [
    { user: 'u', product: 'a', at: 1 },
    { user: 'u', product: 'b', at: 2, type: 'PURCHASE', value: 1, session: 's' },
  ];

  it('depends on event weights only where they are not the defaults', async () => {
    // Computed by commit ca004df, whose snapshots carried no weights.
    const before = 'f10aa14fad6f7ce3cdde032db638a3af049c76210e505794bf49df005ef0aa3a';
    expect((await snapshotOf(carried, 9)).digest).toBe(before);
    const variants = [{ VIEW: 2 }, { VIEW: 3 }, { CLICK: 2 }, { VIEW: 2, CLICK: 2 }];
    const digests = await Promise.all(
      variants.map(async some => (await snapshotOf(carried, 9, { ...defaultEventWeights, ...some })).digest),
    );
    expect(new Set([before, ...digests]).size).toBe(variants.length + 1);
  });

  it('keeps the weights, and their part in the digest, through splits and documents', async () => {
    const weights = { ...defaultEventWeights, VIEW: -1 };
    const [plain, own] = [await snapshotOf(carried, 9), await snapshotOf(carried, 9, weights)];
    const parts = async (snapshot: Snapshot) => [
      await withEvents(snapshot, 9, () => true),
      (await splitByTime(snapshot, 0.5)).train,
      await withDocuments(snapshot, new Map()),
    ];
    for (const [at, part] of (await parts(own)).entries()) {
      expect(part.eventWeights).toEqual(weights);
      expect(part.digest).not.toBe((await parts(plain))[at].digest);
    }
  });

  it('gives another digest when one event differs', async () => {
    const base: TestEvent = { user: 'u', product: 'a', at: 1, value: 1, type: 'RATING' };
    const other: TestEvent = { user: 'u', product: 'b', at: 1 };
    const variants: TestEvent[] = [
      { ...base, user: 'v' },
      { ...base, product: 'b' },
      { ...base, at: 2 },
      { ...base, value: 2 },
      { ...base, type: 'SHARE' },
      { ...base, session: 's' },
      { ...base, at: 100 * minute },
    ];
    const digests = await Promise.all(
      [base, ...variants].map(async event => (await snapshotOf([event, other])).digest),
    );
    // Only which events share a session matters, not its name: these two are in different sessions either way.
    expect(new Set(digests).size).toBe(variants.length + 1);
  });
});
