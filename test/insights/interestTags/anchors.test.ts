import { anchorItems } from '../../../src/insights/interestTags/anchors';
import { agreementOf } from '../../../src/insights/interestTags/check';
import { clusterItems, sampleSizeOf } from '../../../src/insights/interestTags/cluster';
import { type Items, partOf } from '../../../src/insights/interestTags/items';
import { interestTagsSettings } from '../../../src/insights/interestTags/settings';
import { settingValuesOf } from '../../../src/learning/settings';
import { adjustedRand } from '../../../src/numeric/adjustedRand';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';

const count = 600;
const things = 12;
/** A word that half of the items have, whatever they are. */
const brand = things;

/** Short titles: one of twelve things, perhaps a brand, and some of the motifs, which are most of the features. */
function titles(motifs: number, motifsPerTitle: number): Items {
  const rng = createRng(3);
  const columns = things + motifs;
  const rows = new Float32Array(count * columns);
  const words = { row: [] as number[], column: [] as number[] };
  const add = (row: number, word: number, feature: number) => {
    words.row.push(row);
    words.column.push(word);
    if (feature >= 0) rows[row * columns + feature] = 1 / Math.sqrt(1 + motifsPerTitle);
  };
  for (let row = 0; row < count; row++) {
    add(row, row % things, row % things);
    if (row % 2 === 0) add(row, brand, -1);
    const own = new Set<number>();
    while (own.size < motifsPerTitle) own.add(rng.int(motifs));
    for (const motif of own) add(row, things + 1 + motif, things + motif);
  }
  const counts = csrFromTriplets(words, count, things + 1 + motifs);
  const ones = new Float32Array(count).fill(1);
  return { rows, columns, views: [{ counts, weight: 1 }], sizes: ones, weights: ones };
}

const nothing = async (): Promise<void> => undefined;
const thingOf = Array.from({ length: count }, (_, row) => row % things);

describe('items grouped by their words', () => {
  const items = titles(30, 2);

  it('are grouped by the words that stand for most of them', () => {
    const [few, all] = anchorItems(items, [6, 12]);
    expect([few.k, all.k]).toEqual([6, 12]);
    expect(adjustedRand(all.labels, thingOf)).toBeGreaterThan(0.5);
    // A group of few is one of those of more, with items that the other words leave to it.
    const kept = [...all.labels.keys()].filter(item => all.labels[item] < 6);
    expect(kept.every(item => few.labels[item] < 6)).toBe(true);
  });

  it('are not grouped by a word that brings together what shares nothing else', () => {
    const { columns, rows } = items;
    const plain = { ...items, rows: rows.map((value, at) => (at % columns < things ? value : 0)) };
    const branded = [...Array(count).keys()].filter(row => row % 2 === 0);
    const [found] = anchorItems(plain, [things]);
    expect(adjustedRand(found.labels, thingOf)).toBe(1);
    expect(new Set(branded.map(row => found.labels[row])).size).toBe(things / 2);
  });

  it('are in as many groups as there are words, and in none without words', () => {
    expect(anchorItems(items, [4, 100, 200]).map(({ k }) => k)).toEqual([4]);
    const {
      views: [view],
    } = items;
    const silent = {
      ...view.counts,
      indptr: new Uint32Array(count + 1),
      indices: new Uint32Array(0),
      values: new Float32Array(0),
    };
    expect(anchorItems({ ...items, views: [{ ...view, counts: silent }] }, [2])).toEqual([]);
    expect(anchorItems(items, [])).toEqual([]);
  });

  it('agree with those of nine tenths of the items', () => {
    const [all] = anchorItems(items, [12]);
    const [part] = anchorItems(partOf(items, 4), [12]);
    expect(adjustedRand(all.labels, part.labels)).toBeGreaterThan(0.8);
  });

  it('become the tags where no rotation is found again', async () => {
    const config = settingValuesOf(interestTagsSettings, { emIterations: 3, maxTags: 12 });
    const { recipe } = await clusterItems(titles(60, 4), config, 1, nothing);
    expect(recipe).toEqual({ kind: 'anchored', k: 12 });
  });
});

describe('the sample that clusters are found on', () => {
  const withWords = (words: number) => {
    const row = Array.from({ length: 10 * words }, (_, at) => Math.floor(at / words));
    const column = Array.from({ length: 10 * words }, (_, at) => at % words);
    return { views: [{ counts: csrFromTriplets({ row, column }, 10, words), weight: 1 }] };
  };

  it('is smaller where texts are long', () => {
    expect([5, 80, 100, 1000].map(words => sampleSizeOf(withWords(words)))).toEqual([5000, 5000, 4000, 2000]);
    expect(sampleSizeOf({ views: [{ ...withWords(100).views[0], ofShoppers: true }] })).toBe(5000);
  });
});

describe('the agreement of tags', () => {
  it('looks only at products that have a tag in both trainings', () => {
    expect(agreementOf(Int32Array.of(0, 0, 1, 1, -1), Int32Array.of(1, 1, 0, 0, 0))).toBe(1);
    expect(agreementOf(Int32Array.of(0, -1), Int32Array.of(-1, 0))).toBe(0);
  });
});
