import type { Artifact } from '../../src/artifact/artifact';
import { GatewayError } from '../../src/domain/errors';
import { type Backoff, backoffArrays, backoffOf, backoffPool, spreadEvenly } from '../../src/models/backoff';
import { trainBackoff } from '../../src/models/trainBackoff';
import { preferencesOf } from '../../src/snapshot/preferences';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { sessionOf, trainContext } from '../support/scorers';
import type { TestEvent } from '../support/snapshots';
import { describedSnapshot, sparseShop } from '../support/sparseShop';

const trained = (snapshot: Snapshot): Promise<Backoff> =>
  trainBackoff(snapshot, preferencesOf(snapshot), trainContext());

/** What follows one product, by id. */
function following(backoff: Backoff, { products }: Snapshot, id: string): ReadonlyMap<string, number> {
  const pool = backoffPool(backoff);
  pool.add(products.rowOf(id), 1);
  const out = new Float32Array(products.size);
  pool.addInto(out);
  return new Map(Array.from(out, (score, row) => [products.idOf(row), score]));
}

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

const shop = {
  tea: ['drinks', 'hot'],
  mocha: ['drinks', 'hot'],
  cola: ['drinks', 'cold'],
  bread: ['bakery'],
  cake: ['bakery'],
};
const view = (user: string, products: readonly string[]): TestEvent[] =>
  products.map((product, step) => ({ user, product, at: step * 1000 }));

describe('the back-off', () => {
  it('follows the categories of neighbouring choices, with what is left from the shop', async () => {
    const snapshot = await describedSnapshot(
      [...view('u', ['tea', 'bread']), ...view('v', ['tea', 'bread']), ...view('w', ['cola', 'mocha'])],
      shop,
    );
    const backoff = await trained(snapshot);
    const category = (path: string): number => backoff.leafOf[snapshot.products.rowOf(path)];
    const [hot, bakery] = [category('tea'), category('bread')];
    // Hot drinks: two choices of tea lead to the bakery, one of mocha to cold drinks. κ is 10.
    const places = Array.from(backoff.targets.subarray(backoff.offsets[hot], backoff.offsets[hot + 1]));
    const toBakery = backoff.shares[backoff.offsets[hot] + places.indexOf(bakery)];
    expect(toBakery).toBeCloseTo(2 / 13, 6);
    expect(backoff.rests[hot]).toBeCloseTo(10 / 13, 6);
    // Drinks have the choices of hot and cold drinks together.
    expect(backoff.rests[backoff.parentOf[hot]]).toBeCloseTo(10 / 14, 6);
    expect(backoff.parentOf[bakery]).toBe(-1);
  });

  it('gives a part to products that nobody chose, within categories that are chosen', async () => {
    const snapshot = await describedSnapshot(
      [...view('u', ['tea', 'bread']), ...view('v', ['tea', 'bread', 'cola'])],
      shop,
    );
    const { popularity } = await trained(snapshot);
    const of = (id: string): number => popularity[snapshot.products.rowOf(id)];
    // One product was chosen once, two were twice: D = 1/5, and each category shares what it gives.
    expect(of('tea')).toBeCloseTo((2 - 1 / 5 + 1 / 10) / 5, 6);
    expect(of('mocha')).toBeCloseTo(1 / 10 / 5, 6);
    expect(of('cola')).toBeCloseTo(1 / 5, 6);
    expect(sumOf(popularity)).toBeCloseTo(1, 6);
  });

  it.each([false, true])('adds the mass that it was given, short-lived products: %s', async isShortLived => {
    const snapshot = await sparseShop(isShortLived);
    const backoff = await trained(snapshot);
    for (const spread of [backoff, spreadEvenly(backoff)]) {
      for (const id of ['p0-1', 'p7-30', 'p19-59'])
        expect(sumOf(following(spread, snapshot, id).values())).toBeCloseTo(1, 4);
    }
  });

  it('spreads evenly over a category, and as before between categories', async () => {
    const snapshot = await sparseShop(false);
    const backoff = await trained(snapshot);
    const [popular, even] = [backoff, spreadEvenly(backoff)].map(own => following(own, snapshot, 'p3-0'));
    expect(even.get('p3-1')).toBeCloseTo(Number(even.get('p3-50')), 8);
    expect(Number(popular.get('p3-1'))).toBeGreaterThan(2 * Number(popular.get('p3-50')));
    const ofCategory = (scores: ReadonlyMap<string, number>): number =>
      sumOf([...scores].filter(([id]) => id.startsWith('p3-')).map(([, score]) => score));
    expect(ofCategory(even)).toBeCloseTo(ofCategory(popular), 5);
  });

  it('is popularity alone without categories, and where nothing is liked all products are equal', async () => {
    const events = [...sessionOf('u', 'ab'), ...sessionOf('v', 'ac'), ...sessionOf('w', 'ac')];
    const snapshot = await describedSnapshot(events, {});
    const scores = following(await trained(snapshot), snapshot, 'b');
    expect([...scores].toSorted(([, a], [, b]) => b - a).map(([id]) => id)).toEqual(['a', 'c', 'b']);
    const disliked = events.map((event): TestEvent => ({ ...event, type: 'DISLIKE' }));
    const none = await describedSnapshot(disliked, {});
    expect(new Set(following(await trained(none), none, 'b').values()).size).toBe(1);
  });

  it('is read from an artifact as it was stored; an earlier artifact has none, a damaged one is refused', async () => {
    const snapshot = await sparseShop(false);
    const backoff = await trained(snapshot);
    const { size } = snapshot.products;
    const artifactOf = (changed: Partial<Backoff>): Artifact => ({
      header: { model: 'm', config: {}, snapshotDigest: '', asOf: 0, seed: 1 },
      arrays: new Map(backoffArrays({ ...backoff, ...changed })),
    });
    expect(backoffOf(artifactOf({}), size)).toEqual(backoff);
    expect(backoffOf({ ...artifactOf({}), arrays: new Map() }, size)).toBeNull();
    const outside = backoff.targets.with(0, backoff.parentOf.length);
    expect(() => backoffOf(artifactOf({ targets: outside }), size)).toThrow(GatewayError);
    expect(() => backoffOf(artifactOf({ leafOf: backoff.leafOf.with(0, 99) }), size)).toThrow(GatewayError);
  });
});
