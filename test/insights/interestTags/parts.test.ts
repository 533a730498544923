// The steps of making tags, each tested separately.
import fc from 'fast-check';
import { chooseK, silhouetteOf } from '../../../src/insights/interestTags/chooseK';
import { languageOf } from '../../../src/insights/interestTags/labels';
import { strongestTags } from '../../../src/insights/interestTags/learned';
import {
  evidenceOf,
  priorsOf,
  refineShares,
  sharesOfLabels,
  usesOf,
} from '../../../src/insights/interestTags/mixture';
import { nameTags, type UnnamedTag } from '../../../src/insights/interestTags/names';
import { pruneTags } from '../../../src/insights/interestTags/prune';
import { stableIds } from '../../../src/insights/interestTags/stableIds';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';

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
    const shares = await pruneTags(views, start, { ...options, tags: 4 }, 2, nothing);
    const strongest = Array.from({ length: 60 }, (_, text) => Number(shares[2 * text + 1] > 0.5));
    expect(new Set(strongest.filter((_, text) => text % 2 === 0)).size).toBe(1);
    expect(strongest[0]).not.toBe(strongest[1]);
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
  /** Rows about `axes` axes of eight dimensions. */
  function bundles(axes: number): Float32Array {
    const rng = createRng(2);
    const rows = new Float32Array(240 * 8);
    for (let row = 0; row < 240; row++) {
      const own = rows.subarray(row * 8, row * 8 + 8);
      for (let k = 0; k < 8; k++) own[k] = Number(k === row % axes) + 0.1 * rng.gaussian();
      const norm = Math.hypot(...own);
      for (let k = 0; k < 8; k++) own[k] /= norm;
    }
    return rows;
  }

  it.each([3, 5, 6])('is that of the bundles in the data: %d', async axes => {
    expect(await chooseK(bundles(axes), 8, 20, 1, nothing)).toBe(axes);
  });

  it('never exceeds the maximum', async () => {
    expect(await chooseK(bundles(6), 8, 4, 1, nothing)).toBeLessThanOrEqual(4);
  });

  it('uses a silhouette that is 1 for rows on their centres, and near 0 between two', () => {
    const centres = Float32Array.of(1, 0, 0, 1);
    expect(silhouetteOf(Float32Array.of(1, 0, 0, 1), 2, centres)).toBeCloseTo(1, 6);
    expect(silhouetteOf(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2), 2, centres)).toBeCloseTo(0, 6);
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
  const term = (text: string, share = 0.5) => ({ term: text, share });
  const unnamed = (products: number, en: readonly string[], cluster: number): UnnamedTag => ({
    group: [cluster],
    products,
    terms: { en: en.map(text => term(text)), zh: [] },
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
      ['Teaware', { language: 'en' as const, total: 10, ofCluster: Uint32Array.of(9, 1) }],
      ['茶具', { language: 'zh' as const, total: 9, ofCluster: Uint32Array.of(9, 0) }],
      ['All', { language: 'en' as const, total: 40, ofCluster: Uint32Array.of(10, 30) }],
    ]);
    expect(nameTags([unnamed(10, ['pot'], 0)], labels, free())).toEqual([{ en: 'Teaware', zh: '茶具' }]);
  });

  it('join two terms when few texts contain the first, and are a number without words', () => {
    const rare: UnnamedTag = {
      group: [0],
      products: 3,
      terms: { en: [term('tea', 0.1), term('pot', 0.1)], zh: [] },
    };
    expect(nameTags([rare], new Map(), free())).toEqual([{ en: 'tea·pot' }]);
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
