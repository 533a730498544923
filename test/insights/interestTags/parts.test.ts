// The steps of making tags, each tested separately.
import fc from 'fast-check';
import {
  clusterAgain,
  clusterItems,
  labelsOf,
  withoutTinyTags,
} from '../../../src/insights/interestTags/cluster';
import { contextsOf } from '../../../src/insights/interestTags/contexts';
import { type Items, partOf } from '../../../src/insights/interestTags/items';
import { type LabelCounts, languageOf } from '../../../src/insights/interestTags/labels';
import { strongestTags } from '../../../src/insights/interestTags/learned';
import {
  evidenceOf,
  priorsOf,
  refineShares,
  sharesOfLabels,
  usesOf,
} from '../../../src/insights/interestTags/mixture';
import { nameTags, type UnnamedTag } from '../../../src/insights/interestTags/names';
import { parentsOf, type Shared } from '../../../src/insights/interestTags/parents';
import { pruneTags } from '../../../src/insights/interestTags/prune';
import { meanInformation, reproducibleInformation } from '../../../src/insights/interestTags/reproducible';
import { createRotation } from '../../../src/insights/interestTags/rotation';
import { interestTagsSettings } from '../../../src/insights/interestTags/settings';
import { stableIds } from '../../../src/insights/interestTags/stableIds';
import { createSurfaceForms } from '../../../src/insights/interestTags/surfaceForms';
import { categoryOfTerm, readSnapshot, termsOfDocument } from '../../../src/insights/interestTags/terms';
import { preferencesOfUnits, unitsOf } from '../../../src/insights/interestTags/units';
import { settingValuesOf } from '../../../src/learning/settings';
import { adjustedRand } from '../../../src/numeric/adjustedRand';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { batchOf } from '../../support/snapshots';

const nothing = async (): Promise<void> => undefined;

/** Sixty texts of two kinds: words 0–4 belong to one, 5–9 to the other, 10 and 11 to both. */
function texts() {
  const rng = createRng(4);
  const row: number[] = [];
  const column: number[] = [];
  for (let text = 0; text < 60; text++) {
    const words = new Set([10, 11, ...Array.from({ length: 4 }, () => 5 * (text % 2) + rng.int(5))]);
    for (const word of words) {
      row.push(text);
      column.push(word);
    }
  }
  return csrFromTriplets({ row, column }, 60, 12);
}

const views = [{ counts: texts(), weight: 1 }];
const options = { tags: 2, iterations: 30, power: 1 };

/** Numbers of tags that pruning reaches from `tags` tags of 120 items with a word each, one tag in `tags` items. */
async function reachedFrom(tags: number, stops: readonly number[]): Promise<readonly number[]> {
  const items = Array.from({ length: 120 }, (_, item) => item);
  const counts = csrFromTriplets({ row: items, column: items.map(item => item % 60) }, 120, 60);
  const labels = Uint32Array.from(items, item => item % tags);
  const reached: number[] = [];
  await pruneTags(
    [{ counts, weight: 1 }],
    sharesOfLabels(labels, tags),
    { tags, iterations: 1, power: 1 },
    stops,
    async left => {
      reached.push(left);
    },
  );
  return reached;
}

describe('the mixture', () => {
  it('corrects a clustering that is two thirds right', async () => {
    const labels = Uint32Array.from({ length: 60 }, (_, text) => (text % 6 < 4 ? text % 2 : 0));
    const shares = await refineShares(views, sharesOfLabels(labels, 2), options, nothing);
    for (let text = 0; text < 60; text++) {
      expect(shares[2 * text] + shares[2 * text + 1]).toBeCloseTo(1, 5);
      expect(shares[2 * text + (text % 2)]).toBeGreaterThan(0.9);
    }
  });

  it('weights words of both kinds less than words of one', () => {
    const shares = sharesOfLabels(
      Uint32Array.from({ length: 60 }, (_, text) => text % 2),
      2,
    );
    const { specificity, logs } = evidenceOf(usesOf(texts(), shares, 2), priorsOf(shares, 2), 1);
    expect(specificity[10]).toBeCloseTo(0, 3);
    for (const word of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      expect(specificity[word]).toBeGreaterThan(0.8);
      expect(specificity[word]).toBeLessThanOrEqual(1);
      const [one, other] = word < 5 ? [0, 1] : [1, 0];
      expect(logs[2 * word + one]).toBeGreaterThan(logs[2 * word + other]);
    }
  });

  it('removes surplus tags', async () => {
    const labels = Uint32Array.from({ length: 60 }, (_, text) => (text % 2) + 2 * Math.floor(text / 30));
    const start = await refineShares(views, sharesOfLabels(labels, 4), { ...options, tags: 4 }, nothing);
    const shares = await pruneTags(views, start, { ...options, tags: 4 }, [2], nothing);
    const strongest = Array.from({ length: 60 }, (_, text) => Number(shares[2 * text + 1] > 0.5));
    expect(new Set(strongest.filter((_, text) => text % 2 === 0)).size).toBe(1);
    expect(strongest[0]).not.toBe(strongest[1]);
  });

  it('removes one tag at a time, above 24 up to a tenth of them, and reaches each wanted number', async () => {
    expect(await reachedFrom(5, [2, 4])).toEqual([5, 4, 3, 2]);
    expect(await reachedFrom(40, [22, 34])).toEqual([40, 36, 34, 31, 28, 26, 24, 23, 22]);
    expect(await reachedFrom(3, [3])).toEqual([3]);
  });
});

describe('the strongest tags of one item', () => {
  it('are at most three, of at least a tenth each, strongest first, adding up to 1', () => {
    const someLogs = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(someLogs, fc.double({ min: 0.5, max: 50, noNaN: true }), (logs, heard) => {
        const found = strongestTags(logs, heard);
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(3);
        expect(found.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(logs[found[0][0]]).toBeCloseTo(Math.max(...logs), 9);
        for (const [, share] of found.slice(1)) expect(share).toBeGreaterThanOrEqual(0.1);
      }),
      { seed: 6 },
    );
  });
});

describe('the number of tags', () => {
  /** Items about `axes` axes of eight dimensions, without tokens. */
  function bundles(axes: number): Items {
    const rng = createRng(2);
    const rows = new Float32Array(240 * 8);
    const words = { row: [] as number[], column: [] as number[] };
    for (let row = 0; row < 240; row++) {
      const own = rows.subarray(row * 8, row * 8 + 8);
      for (let k = 0; k < 8; k++) own[k] = Number(k === row % axes) + 0.1 * rng.gaussian();
      const norm = Math.hypot(...own);
      for (let k = 0; k < 8; k++) own[k] /= norm;
      for (let word = 0; word < 4; word++) {
        words.row.push(row);
        words.column.push(5 * (row % axes) + rng.int(5));
      }
    }
    const counts = csrFromTriplets(words, 240, 40);
    const ones = new Float32Array(240).fill(1);
    return { rows, columns: 8, views: [{ counts, weight: 1 }], sizes: ones, weights: ones };
  }
  const config = settingValuesOf(interestTagsSettings, {});

  it.each([3, 5, 6])('is that of the bundles in the data: %d', async axes => {
    const items = bundles(axes);
    const { k, shares, recipe } = await clusterItems(items, config, 1, nothing);
    expect(k).toBe(axes);
    const labels = labelsOf(shares, k);
    const truth = Array.from({ length: 240 }, (_, row) => row % axes);
    expect(adjustedRand(labels, truth)).toBe(1);
    expect(recipe?.kind).toBe('rotated');
    const again = await clusterAgain(partOf(items, 5), { kind: 'rotated', k: axes }, config, 2, nothing);
    expect(adjustedRand(labelsOf(again.shares, again.k), truth)).toBe(1);
  });

  it('never exceeds the maximum', async () => {
    const { k } = await clusterItems(bundles(6), { ...config, maxTags: 4 }, 1, nothing);
    expect(k).toBeLessThanOrEqual(4);
  });

  it('leaves out tags of a handful of products, which go to their next best tags', () => {
    const shares = Float32Array.of(0.9, 0.1, 0, 0.1, 0.9, 0, 0.1, 0.3, 0.6);
    const { k, shares: left } = withoutTinyTags({ k: 3, shares }, Float32Array.of(20, 8, 7));
    expect(k).toBe(2);
    for (const [at, share] of [0.9, 0.1, 0.1, 0.9, 0.25, 0.75].entries())
      expect(left[at]).toBeCloseTo(share, 5);
    expect(withoutTinyTags({ k: 3, shares }, Float32Array.of(20, 7, 7)).k).toBe(3);
  });

  it('is 1 where nothing tells the items apart', async () => {
    const items = bundles(3);
    const none = { ...items, rows: new Float32Array(items.rows.length) };
    expect((await clusterItems(none, config, 1, nothing)).k).toBe(1);
  });
});

describe('reproducible information', () => {
  const masses = new Float32Array(8).fill(2);
  const four = [0, 0, 1, 1, 2, 2, 3, 3];

  it('is the entropy of a clustering that is found again, under any numbering', () => {
    expect(reproducibleInformation(four, [7, 7, 5, 5, 1, 1, 0, 0], masses, 3)).toBeCloseTo(Math.log(4), 9);
    expect(
      reproducibleInformation([0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0, 0, 0], masses, 3),
    ).toBeCloseTo(Math.log(2), 9);
  });

  it('is below that of fewer clusters when the finer ones are not found again', () => {
    const other = [0, 1, 0, 1, 2, 3, 2, 3];
    expect(reproducibleInformation(four, other, masses, 3)).toBeLessThan(0);
    expect(reproducibleInformation(new Uint8Array(8), new Uint8Array(8), masses, 3)).toBeCloseTo(0, 9);
  });

  it('is the mean over all pairs of clusterings', () => {
    const [a, b, c] = [
      [0, 0, 0, 1, 1, 1],
      [1, 1, 1, 0, 0, 0],
      [0, 1, 0, 1, 0, 1],
    ].map(labels => Uint32Array.from(labels));
    const sizes = new Float32Array(6).fill(1);
    const pair = (one: Uint32Array, other: Uint32Array) => reproducibleInformation(one, other, sizes, 3);
    const expected = (pair(a, b) + pair(a, c) + pair(b, c)) / 3;
    expect(meanInformation([a, b, c], sizes, 3)).toBeCloseTo(expected, 12);
    expect(meanInformation([a, b], sizes, 3)).toBeCloseTo(Math.log(2), 1);
  });

  it('counts items by their masses', () => {
    const [a, b] = [
      [0, 0, 1, 1],
      [0, 0, 1, 0],
    ];
    const even = reproducibleInformation(a, b, [1, 1, 1, 1], 1);
    expect(reproducibleInformation(a, b, [1, 1, 1, 0.01], 1)).toBeGreaterThan(even);
  });
});

describe('parts of the data', () => {
  it('leave out about a tenth of the items and of the shoppers, and no words', () => {
    const counts = csrFromTriplets(
      {
        row: Array.from({ length: 1000 }, (_, at) => at),
        column: Array.from({ length: 1000 }, (_, at) => at),
      },
      1000,
      1000,
    );
    const ones = new Float32Array(1000).fill(1);
    const views = [
      { counts, weight: 1 },
      { counts, weight: 1, ofShoppers: true },
    ];
    const part = partOf({ rows: ones, columns: 1, views, sizes: ones, weights: ones }, 3);
    const kept = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);
    expect(kept(part.weights)).toBeGreaterThan(860);
    expect(kept(part.weights)).toBeLessThan(940);
    expect(kept(part.views[0].counts.values)).toBe(1000);
    expect(kept(part.views[1].counts.values)).toBeGreaterThan(860);
    expect(kept(part.views[1].counts.values)).toBeLessThan(940);
  });
});

describe('units', () => {
  // Terms: 0 and 1; 0 and 1 again, one of them twice; none; 2; none.
  const terms = { row: [0, 0, 1, 1, 3], column: [0, 1, 0, 1, 2], value: [1, 1, 2, 1, 1] };
  const units = unitsOf(csrFromTriplets(terms, 5, 3));

  it('are products of equal known terms; a product without any is a unit of its own', () => {
    expect([...units.unitOf]).toEqual([0, 0, 1, 2, 3]);
    expect([...units.sizes]).toEqual([2, 1, 1, 1]);
    expect([...units.firsts]).toEqual([0, 2, 3, 4]);
  });

  it('sum the preferences for their products', () => {
    const preferences = csrFromTriplets(
      { row: [0, 0, 0, 1], column: [1, 0, 3, 4], value: [2, 1, 5, 7] },
      2,
      5,
    );
    const { indptr, indices, values, columns } = preferencesOfUnits(preferences, units);
    expect([columns, [...indptr], [...indices], [...values]]).toEqual([4, [0, 2, 3], [0, 2, 3], [3, 5, 7]]);
  });
});

describe('terms', () => {
  const document = {
    titles: ['PACK OF 6 RED Candle Holders, 12 cm'],
    descriptions: [],
    categoryPath: ['HOME', '4801426'],
    features: ['colour=Pink', 'size=XL'],
    priceMinor: 1,
  };

  it('leave out numbers, sizes and colours, and have one per level of the category', () => {
    expect(termsOfDocument(document)).toEqual([
      'candle',
      'holder',
      'candle holder',
      'home',
      '>home',
      '>home>4801426',
    ]);
    expect(categoryOfTerm('>home>4801426')).toBe('4801426');
  });
});

describe('contexts of terms', () => {
  /** Products of one word each; one shopper likes the first two. */
  async function shop(words: readonly string[]): Promise<Snapshot> {
    const builder = createSnapshotBuilder({ asOf: 9 });
    for (const [at, word] of words.entries()) {
      const titles = [word];
      builder.describe(`p${at}`, { titles, descriptions: [], categoryPath: [], features: [], priceMinor: 1 });
    }
    builder.add(batchOf([0, 1].map(at => ({ user: 'u', product: `p${at}`, at }))));
    return builder.build();
  }
  const read = (snapshot: Snapshot) => ({ reading: readSnapshot(snapshot, 100) });

  it('are what one shopper had events with, where titles are too short for a tag', async () => {
    const snapshot = await shop(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? 'bauble' : 'wreath')));
    expect(contextsOf(snapshot, read(snapshot), 10)).toEqual([new Set(['bauble', 'wreath'])]);
  });

  it('are the texts of products, where these are long enough', async () => {
    const snapshot = await shop(Array.from({ length: 10 }, () => 'bauble wreath tinsel star'));
    const contexts = contextsOf(snapshot, read(snapshot), 2);
    expect(contexts).toHaveLength(10);
    expect(contexts[0].has('tinsel')).toBe(true);
  });
});

describe('surface forms', () => {
  it('are the most common ones in the texts', () => {
    const write = createSurfaceForms(['christma tree', '茶'], ['CHRISTMAS Tree', 'christmas trees', 'tree']);
    expect(['christma tree', '茶', 'other'].map(write)).toEqual(['Christmas tree', '茶', 'Other']);
  });
});

describe('parents', () => {
  const sizes = [10, 10, 10, 10];
  const shared = (name: string, ofCluster: readonly number[], isCategory = false): Shared => ({
    name,
    language: languageOf(name) ?? 'en',
    total: ofCluster.reduce((sum, count) => sum + count, 0),
    ofCluster,
    isCategory,
  });

  it('are what the children share; the others have none', () => {
    const parents = parentsOf([shared('Home', [10, 9, 0, 1], true), shared('家居', [8, 8, 0, 0])], sizes);
    expect(parents).toEqual([{ children: [0, 1], names: { en: 'Home', zh: '家居' } }]);
  });

  it('are not what a single child, every tag, or only a part of a child has', () => {
    expect(parentsOf([shared('Tea', [10, 0, 0, 0], true)], sizes)).toEqual([]);
    expect(parentsOf([shared('All', [10, 10, 10, 10], true)], sizes)).toEqual([]);
    expect(parentsOf([shared('Some', [10, 5, 0, 0], true)], sizes)).toEqual([]);
  });

  it('are not a brand that most of the shop has', () => {
    expect(parentsOf([shared('National', [9, 9, 5, 5])], sizes)).toEqual([]);
    expect(parentsOf([shared('Vintage', [9, 9, 0, 0])], sizes)).toHaveLength(1);
  });
});

describe('the rotation', () => {
  it('finds groups of any size without chance, and assigns what has no weight', async () => {
    const rng = createRng(3);
    const truth = Array.from({ length: 90 }, (_, row) => (row < 60 ? 0 : row < 80 ? 1 : 2));
    const rows = Float32Array.from({ length: 90 * 6 }, (_, at) => {
      const own = truth[Math.floor(at / 6)];
      return Number(at % 6 === own || at % 6 === own + 3) + 0.05 * rng.gaussian();
    });
    const weights = Float32Array.from(truth, (_, row) => Number(row % 10 !== 0));
    const labels = await createRotation(rows, 6, weights)(3, nothing);
    expect(adjustedRand(labels, truth)).toBe(1);
  });
});

describe('ids', () => {
  const holding = (...products: string[]) => ({ products: new Set(products) });
  const known = [
    { id: 'tag-a', ...holding('1', '2', '3', '4') },
    { id: 'tag-b', ...holding('5', '6', '7', '8') },
  ];

  it('go to the tag that shares most products', () => {
    const ids = stableIds([holding('5', '6', '7', '9'), holding('1', '2', '3')], known, new Set());
    expect(ids).toEqual(['tag-b', 'tag-a']);
  });

  it('go to the better match when a tag is split; the other tag gets a new one', () => {
    const [small, large] = stableIds([holding('1', '2'), holding('3', '4', '1x')], known, new Set());
    expect(small).toBe('tag-a');
    expect(large).toMatch(/^tag-[0-9a-f]{8}$/);
  });

  it('are new below an overlap of 0.3', () => {
    const [id] = stableIds([holding('1', 'x', 'y', 'z')], known, new Set());
    expect(id).not.toBe('tag-a');
    expect(stableIds([holding('z', 'y', 'x', '1')], known, new Set())).toEqual([id]);
  });
});

describe('names', () => {
  const term = (text: string, share = 0.5) => ({ term: text, share, own: 0.5 });
  const unnamed = (products: number, en: readonly string[], cluster: number): UnnamedTag => ({
    group: [cluster],
    products,
    terms: { en: en.map(text => term(text)), zh: [] },
    shared: { en: undefined, zh: undefined },
  });
  const free = () => ({ en: new Set<string>(), zh: new Set<string>() });

  it('are unique; the largest tag is named first', () => {
    const names = nameTags([unnamed(5, ['tea', 'pot'], 0), unnamed(9, ['tea', 'cup'], 1)], new Map(), free());
    expect(names).toEqual([{ en: 'pot' }, { en: 'tea' }]);
    const same = nameTags([unnamed(9, ['tea'], 0), unnamed(5, ['tea'], 1)], new Map(), free());
    expect(same).toEqual([{ en: 'tea' }, { en: 'tea 2' }]);
  });

  it('are the shop’s own category where one fits, and in its language', () => {
    const labels = new Map([
      ['Teaware', { language: 'en' as const, total: 10, ofCluster: Uint32Array.of(9, 1), isCategory: true }],
      ['茶具', { language: 'zh' as const, total: 9, ofCluster: Uint32Array.of(9, 0), isCategory: true }],
      ['All', { language: 'en' as const, total: 40, ofCluster: Uint32Array.of(10, 30), isCategory: true }],
    ]);
    expect(nameTags([unnamed(10, ['pot'], 0)], labels, free())).toEqual([{ en: 'Teaware', zh: '茶具' }]);
  });

  it('are the word that the tag shares, else two categories that make it up, before one that few have', () => {
    const half = (name: string): [string, LabelCounts] => [
      name,
      { language: 'en', total: 40, ofCluster: Uint32Array.of(25), isCategory: true },
    ];
    const labels = new Map([half('SOUP'), half('WINE')]);
    const tag = (shared: string | undefined): UnnamedTag => ({
      group: [0],
      products: 100,
      terms: { en: [term('frzn', 0.9), term('Dinner', 0.4)], zh: [] },
      shared: { en: shared, zh: undefined },
    });
    expect(nameTags([tag('Dinner')], labels, free())).toEqual([{ en: 'Dinner' }]);
    expect(nameTags([tag('frzn')], labels, free())).toEqual([{ en: 'SOUP · WINE' }]);
    expect(nameTags([tag(undefined)], labels, free())).toEqual([{ en: 'SOUP · WINE' }]);
    expect(nameTags([tag(undefined)], new Map(), free())).toEqual([{ en: 'Dinner' }]);
  });

  it('join two terms when few texts contain the first, and are a number without words', () => {
    const rare: UnnamedTag = {
      group: [0],
      products: 3,
      terms: { en: [term('tea', 0.1), term('pot', 0.1)], zh: [] },
      shared: { en: undefined, zh: undefined },
    };
    expect(nameTags([rare], new Map(), free())).toEqual([{ en: 'tea · pot' }]);
    expect(nameTags([unnamed(1, [], 0)], new Map(), free())).toEqual([{ en: 'tag 1' }]);
  });

  it('have the language of their script', () => {
    expect(['篮球', 'basketball', '3D 打印', '42', 'é'].map(languageOf)).toEqual([
      'zh',
      'en',
      'zh',
      null,
      null,
    ]);
  });
});
