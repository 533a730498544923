import { heldOutEvents } from '../../src/snapshot/heldOutEvents';
import { leaveLastOut, splitByTime, withEvents } from '../../src/snapshot/split';
import { randomShop } from '../support/randomShop';
import { snapshotOf } from '../support/snapshots';

const events = randomShop({ users: 20, orders: 150, products: 12, seed: 5 });

describe('heldOutEvents', () => {
  it('marks the events that a part lacks, whatever was left out', async () => {
    const snapshot = await snapshotOf(events);
    const drawn = await withEvents(snapshot, snapshot.asOf, event => (event * 7) % 3 > 0);
    const marks = heldOutEvents(snapshot, drawn);
    expect(Array.from(marks)).toEqual(Array.from(marks, (_, event) => Number((event * 7) % 3 === 0)));
  });

  it('marks as many events as a split leaves out', async () => {
    const snapshot = await snapshotOf(events);
    for (const { train } of [await splitByTime(snapshot, 0.1), await leaveLastOut(snapshot)]) {
      const marks = heldOutEvents(snapshot, train);
      const count = marks.reduce((sum, mark) => sum + mark, 0);
      expect(count).toBe(snapshot.events.length - train.events.length);
      expect(count).toBeGreaterThan(0);
    }
  });

  it('marks all events of an empty part, and none of a whole one', async () => {
    const snapshot = await snapshotOf(events);
    const empty = await withEvents(snapshot, snapshot.asOf, () => false);
    expect(heldOutEvents(snapshot, empty)).toEqual(new Uint8Array(snapshot.events.length).fill(1));
    expect(heldOutEvents(snapshot, snapshot)).toEqual(new Uint8Array(snapshot.events.length));
  });
});
