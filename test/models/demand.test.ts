import { chooseHalfLife, demandOf, longestHalfLifeDays } from '../../src/models/demand';
import { trainBackoff } from '../../src/models/trainBackoff';
import { preferencesOf } from '../../src/snapshot/preferences';
import { demandEvents } from '../support/demandShop';
import { trainContext } from '../support/scorers';
import { snapshotOf, type TestEvent } from '../support/snapshots';

const day = 86_400_000;

describe('the demand of a product', () => {
  it('halves each preference per half-life, counts a pair from its last event, and is negative where disliked', async () => {
    const snapshot = await snapshotOf([
      { user: 'u', product: 'old', at: 0 },
      { user: 'v', product: 'old', at: 0 },
      { user: 'u', product: 'kept', at: 0 },
      { user: 'u', product: 'kept', at: 14 * day },
      { user: 'v', product: 'bad', at: 7 * day, type: 'DISLIKE' },
    ]);
    const demand = demandOf(snapshot, preferencesOf(snapshot), 7);
    const of = (id: string): number => demand[snapshot.products.rowOf(id)];
    expect(of('old')).toBeCloseTo(2 / 4, 9);
    expect(of('kept')).toBeCloseTo(Math.log2(3), 9);
    expect(of('bad')).toBeLessThan(0);
  });
});

describe('the half-life of a shop', () => {
  it('is chosen once for all models that are trained on the same events', async () => {
    const snapshot = await snapshotOf(demandEvents(at => 5 * at));
    expect(chooseHalfLife(snapshot, trainContext(2))).toBe(chooseHalfLife(snapshot, trainContext(1)));
  });

  it('is unknown where few shoppers tell, and the longest where shoppers share no clock', async () => {
    const few: TestEvent[] = [
      { user: 'u', product: 'a', at: 0 },
      { user: 'v', product: 'b', at: day },
    ];
    expect(await chooseHalfLife(await snapshotOf(few), trainContext())).toBeNull();
    const placed = Array.from({ length: 300 }, (_, index) => ({
      user: `u${index % 60}`,
      product: `p${index % 7}`,
      at: Math.floor(index / 60),
    }));
    expect(await chooseHalfLife(await snapshotOf(placed), trainContext())).toBe(longestHalfLifeDays);
  });
});

describe('what models fall back to', () => {
  const fallbackOrder = async (events: readonly TestEvent[]) => {
    const snapshot = await snapshotOf(events);
    const { popularity } = await trainBackoff(snapshot, preferencesOf(snapshot), trainContext());
    return (id: string): number => popularity[snapshot.products.rowOf(id)];
  };

  it('is what is in demand now, where demand moves on', async () => {
    // Ninety days before the last one, everybody chose the same product.
    const former = Array.from({ length: 60 }, (_, user) => ({
      user: `u${user}`,
      product: 'former',
      at: -30 * day + user,
    }));
    const shareOf = await fallbackOrder([...former, ...demandEvents(at => 5 * at)]);
    expect(shareOf('p300')).toBeGreaterThan(shareOf('former'));
  });

  it('is popularity with too few shoppers to ask how fast demand moves on', async () => {
    const shareOf = await fallbackOrder([
      { user: 'u', product: 'often', at: 0 },
      { user: 'v', product: 'often', at: 0 },
      { user: 'w', product: 'now', at: 90 * day },
      { user: 'v', product: 'now', at: 91 * day, type: 'DISLIKE' },
    ]);
    expect(shareOf('often')).toBeGreaterThan(shareOf('now'));
  });
});
