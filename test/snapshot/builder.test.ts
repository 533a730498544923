import fc from 'fast-check';
import { interactionTypes } from '../../src/domain/interaction';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { batchOf, snapshotOf, type TestEvent } from '../support/snapshots';

const minute = 60_000;

function eventsOf(snapshot: Snapshot, user: string): readonly string[] {
  const row = snapshot.users.rowOf(user);
  const { events, userOffsets } = snapshot;
  const texts: string[] = [];
  for (let event = userOffsets[row]; event < userOffsets[row + 1]; event++) {
    const product = snapshot.products.idOf(events.productRow[event]);
    texts.push(`${events.occurredAt[event]} ${product} ${interactionTypes[events.type[event]]}`);
  }
  return texts;
}

describe('createSnapshotBuilder', () => {
  it('orders users and products by id, and events by user, time, product, type', async () => {
    const snapshot = await snapshotOf([
      { user: 'u2', product: 'b', at: 5 },
      { user: 'u1', product: 'c', at: 9, type: 'PURCHASE' },
      { user: 'u1', product: 'c', at: 9 },
      { user: 'u1', product: 'a', at: 9 },
      { user: 'u1', product: 'z', at: 2 },
    ]);
    expect([0, 1].map(row => snapshot.users.idOf(row))).toEqual(['u1', 'u2']);
    expect([0, 1, 2, 3].map(row => snapshot.products.idOf(row))).toEqual(['a', 'b', 'c', 'z']);
    expect(eventsOf(snapshot, 'u1')).toEqual(['2 z VIEW', '9 a VIEW', '9 c VIEW', '9 c PURCHASE']);
    expect([...snapshot.userOffsets]).toEqual([0, 4, 5]);
  });

  it('leaves out searches without a product and what came after asOf', async () => {
    const events: TestEvent[] = [
      { user: 'u', product: null, type: 'SEARCH' },
      { user: 'u', product: 'a', at: 10 },
      { user: 'late', product: 'b', at: 11 },
    ];
    const snapshot = await snapshotOf(events, 10);
    expect([snapshot.users.size, snapshot.products.size, snapshot.events.length]).toEqual([1, 1, 1]);
    expect(snapshot.asOf).toBe(10);
  });

  it('builds an empty snapshot of nothing', async () => {
    const snapshot = await snapshotOf([]);
    expect([snapshot.users.size, snapshot.products.size, snapshot.userOffsets.length]).toEqual([0, 0, 1]);
  });

  it('takes sessions as given, and cuts the rest after 30 minutes of silence', async () => {
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

  it('gives the same digest for the same events, in whatever order and batches they came', async () => {
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

  it('gives another digest when one event is another', async () => {
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
    // The session's name is nobody's business, only which events share it: these two are apart either way.
    expect(new Set(digests).size).toBe(variants.length + 1);
  });
});
