import { batchesOf, drawRuns, histories, logShares } from '../../../src/models/textEncoder/runs';
import { createLexicon, joined, textsOf, wholeText } from '../../../src/models/textEncoder/texts';
import { viewOf, viewPair } from '../../../src/models/textEncoder/views';
import { createRng } from '../../../src/numeric/rng';
import { preferencesOf } from '../../../src/snapshot/preferences';
import type { ProductDocument } from '../../../src/snapshot/snapshot';
import { snapshotOf } from '../../support/snapshots';

const mug: ProductDocument = {
  titles: ['Blue mug', '蓝色杯子'],
  descriptions: ['For tea.'],
  categoryPath: ['Home', 'Mugs'],
  features: ['glazed'],
  priceMinor: Number.NaN,
};

describe('textsOf', () => {
  it('keeps languages and fields separate', () => {
    const lexicon = createLexicon(64);
    const { titles, others } = textsOf(mug, 'p1', lexicon);
    expect([...titles[0]]).toEqual(['blue', 'mug'].map(lexicon.rowOf));
    expect(titles).toHaveLength(2);
    expect([...others[0]]).toEqual(['/home', 'home', '/mugs', 'mug'].map(lexicon.rowOf));
    expect(others).toHaveLength(3);
  });

  it('reads a product without words by its id', () => {
    const lexicon = createLexicon(64);
    const empty = { ...mug, titles: ['!'], descriptions: [], categoryPath: [], features: [] };
    for (const document of [null, empty])
      expect([...textsOf(document, 'p1', lexicon).titles[0]]).toEqual([lexicon.rowOf('#p1')]);
  });
});

it('cuts the longest text first', () => {
  const lists = [Uint32Array.of(1, 2), Uint32Array.of(3, 4, 5, 6, 7)];
  expect([...joined(lists, 5)]).toEqual([1, 2, 3, 4, 5]);
  expect([...joined(lists, 9)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect([...joined([...lists, Uint32Array.of(8)], 4)]).toEqual([1, 3, 4, 8].slice(0, 1).concat([2, 3, 8]));
});

describe('views', () => {
  const lexicon = createLexicon(64);
  const texts = textsOf(mug, 'p1', lexicon);
  const dropout = { fieldDropout: 0.5, wordDropout: 0.5, maxLength: 20 };

  it('are different, non-empty parts of the whole text', () => {
    const rng = createRng(1);
    const whole = new Set(wholeText(texts, 20));
    const seen = new Set<string>();
    for (let draw = 0; draw < 50; draw++) {
      const view = viewOf(texts, dropout, rng);
      expect(view.length).toBeGreaterThan(0);
      expect([...view].every(word => whole.has(word))).toBe(true);
      seen.add(view.join());
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('form pairs: two languages, or a title and the rest', () => {
    const rng = createRng(2);
    const kinds = new Set<string>();
    const none = { ...dropout, wordDropout: 0 };
    for (let draw = 0; draw < 50; draw++) {
      const [own, other] = viewPair(texts, none, rng).map(view => view.join());
      const [zh, en] = [texts.titles[1].join(), texts.titles[0].join()];
      expect([zh, en]).toContain(own);
      kinds.add(other === zh || other === en ? 'across' : 'rest');
      expect(other).not.toBe(own);
    }
    expect([...kinds].sort()).toEqual(['across', 'rest']);
  });
});

describe('runs', () => {
  it('hold liked products in order of time, each once', async () => {
    const snapshot = await snapshotOf([
      { user: 'a', product: 'x', at: 3 },
      { user: 'a', product: 'y', at: 1 },
      { user: 'a', product: 'z', at: 2, type: 'DISLIKE' },
      { user: 'a', product: 'x', at: 0 },
      { user: 'b', product: 'x', at: 0 },
    ]);
    const liked = histories(snapshot, preferencesOf(snapshot));
    expect(liked.map(({ rows }) => [...rows])).toEqual([[1, 0]]);
    expect([...logShares(liked, 3)]).toEqual([Math.log(0.5), Math.log(0.5), 0].map(Math.fround));
  });

  it('cover a history without overlap, with at least two products each', () => {
    const rows = Uint32Array.from({ length: 23 }, (_, row) => row);
    const liked = { rows, orders: [] };
    for (let seed = 1; seed < 20; seed++) {
      const runs = drawRuns([liked], 5, 100, createRng(seed));
      const all = runs.flatMap(run => [...run]);
      expect(new Set(all).size).toBe(all.length);
      expect(all.length).toBeGreaterThanOrEqual(21);
      expect(runs.every(run => run.length >= 2 && run.length <= 5)).toBe(true);
    }
    expect(drawRuns([liked, liked], 5, 3, createRng(1))).toHaveLength(3);
  });

  it('form batches of at least two runs, so that no run is alone in a batch', () => {
    const run = (length: number): Uint32Array => new Uint32Array(length);
    const sizes = (lengths: readonly number[], batchSize: number): number[][] =>
      batchesOf(lengths.map(run), batchSize).map(batch => batch.map(({ length }) => length));
    expect(sizes([3, 3, 3, 2, 5], 6)).toEqual([
      [3, 3],
      [3, 2, 5],
    ]);
    expect(sizes([3, 3, 4], 6)).toEqual([[3, 3]]);
    expect(sizes([9, 9, 2], 6)).toEqual([[9, 9]]);
    expect(sizes([9], 6)).toEqual([]);
  });
});
