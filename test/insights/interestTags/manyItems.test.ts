// What bounds the time with many products.
import { checkedProducts, onlyProducts } from '../../../src/insights/interestTags/check';
import { clusterItems, labelsOf } from '../../../src/insights/interestTags/cluster';
import { interestTagsSettings } from '../../../src/insights/interestTags/settings';
import { readSnapshot } from '../../../src/insights/interestTags/terms';
import type { Units } from '../../../src/insights/interestTags/units';
import { settingValuesOf } from '../../../src/learning/settings';
import { adjustedRand } from '../../../src/numeric/adjustedRand';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';

const nothing = async (): Promise<void> => undefined;

/** Two products per unit. */
const unitsOf = (count: number): Units => ({
  count,
  unitOf: Uint32Array.from({ length: 2 * count }, (_, row) => Math.floor(row / 2)),
  sizes: new Float32Array(count).fill(2),
  firsts: Uint32Array.from({ length: count }, (_, unit) => 2 * unit),
});

describe('the check of many products', () => {
  it('looks at all products of up to 25,000 units, and of 25,000 drawn ones beyond', () => {
    expect(checkedProducts(unitsOf(25_000), 1)).toHaveLength(50_000);
    const rows = checkedProducts(unitsOf(30_000), 1);
    expect(rows).toHaveLength(50_000);
    expect([...rows].every((row, at) => at === 0 || row > rows[at - 1])).toBe(true);
    const drawn = new Set(rows);
    expect([...drawn].every(row => drawn.has(row % 2 === 0 ? row + 1 : row - 1))).toBe(true);
  });

  it('draws others by seed, and the same by the same seed', () => {
    const [first, again, other] = [1, 1, 2].map(seed => checkedProducts(unitsOf(30_000), seed).join());
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('sees only the drawn products, and what shoppers think of them', async () => {
    const builder = createSnapshotBuilder({ asOf: 9 });
    for (const title of ['tea cup', 'rod', 'chess board'])
      builder.describe(title, {
        titles: [title],
        descriptions: [],
        categoryPath: [],
        features: [],
        priceMinor: 1,
      });
    const snapshot = await builder.build();
    const reading = readSnapshot(snapshot, 100);
    const triplets = { row: [0, 0, 1, 1], column: [0, 1, 1, 2], value: [1, 2, 3, 4] };
    const preferences = csrFromTriplets(triplets, 2, 3);
    const data = { reading, preferences, units: unitsOf(2) };
    const own = onlyProducts(data, Uint32Array.of(0, 2));
    expect(own.reading.products).toEqual([reading.products[0], reading.products[2]]);
    expect(own.preferences).toEqual(csrFromTriplets({ row: [0, 1], column: [0, 1], value: [1, 4] }, 2, 2));
    expect(onlyProducts(data, Uint32Array.of(0, 1, 2)).preferences).toBe(preferences);
  });
});

describe('clusters of more items than they are refined on', () => {
  it('have every item, by its own words', async () => {
    const count = 26_000;
    const rng = createRng(9);
    const truth = Uint32Array.from({ length: count }, (_, item) => item % 3);
    const rows = Float32Array.from({ length: count * 3 }, (_, at) =>
      Number(at % 3 === Math.floor(at / 3) % 3),
    );
    const row: number[] = [];
    const column: number[] = [];
    for (const [item, kind] of truth.entries()) {
      const start = rng.int(7);
      for (let word = 0; word < 3; word++) {
        row.push(item);
        column.push(10 * kind + start + word);
      }
    }
    const views = [{ counts: csrFromTriplets({ row, column }, count, 30), weight: 1 }];
    const sizes = new Float32Array(count).fill(1);
    const config = settingValuesOf(interestTagsSettings, { k: 3, resamples: 1 });
    const items = { rows, columns: 3, views, sizes, weights: sizes };
    const { k, shares } = await clusterItems(items, config, 1, nothing);
    expect(k).toBe(3);
    expect(shares).toHaveLength(3 * count);
    expect(adjustedRand(labelsOf(shares, k), truth)).toBe(1);
  });
});
