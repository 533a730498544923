import { createRng } from '../../../src/numeric/rng';
import { createScan } from '../../../src/numeric/scan';
import { createIndexedScan, type IndexedRows, measureRecall } from '../../../src/serving/scan/indexedScan';
import type { VectorIndexer } from '../../../src/store/ports/vectorIndex';
import { clusteredRows } from '../../conformance/vectorIndexer';
import { forgetfulIndexer, sureIndexer, wildIndexer, worstIndexer } from '../../support/indexers';

const columns = 16;

async function searchBy(indexer: VectorIndexer): Promise<IndexedRows> {
  const rows = clusteredRows();
  const exact = await createScan(rows, columns);
  const index = await indexer.build(rows, columns, new AbortController().signal);
  return { rows, columns, exact, index };
}

const rng = createRng(8);
const someQuery = () => Float32Array.from({ length: columns }, () => rng.gaussian());
const maskOf = (share: number) => Uint8Array.from({ length: 1500 }, () => Number(rng.uniform() < share));
const masks = [undefined, maskOf(0.5), maskOf(0.05), maskOf(0.004), maskOf(0)];

function bestOf(scan: IndexedRows['exact'], query: Float32Array, count: number, allowed?: Uint8Array) {
  const [best, scores] = [new Uint32Array(count), new Float32Array(count)];
  const length = scan.topInto(query, best, scores, allowed);
  return { rows: [...best.subarray(0, length)], scores: [...scores.subarray(0, length)] };
}

describe.each<[string, VectorIndexer]>([
  ['that finds everything', sureIndexer],
  ['that misses every third row', forgetfulIndexer(3)],
  ['that proposes the worst rows', worstIndexer],
  ['that proposes rows that do not exist', wildIndexer],
])('a scan with an index %s', (_, indexer) => {
  it('returns as many rows as the exact scan, without duplicates or masked rows, with exact scores', async () => {
    const search = await searchBy(indexer);
    const scan = createIndexedScan(search);
    for (const allowed of masks) {
      for (const count of [0, 1, 20, 90]) {
        const query = someQuery();
        const found = bestOf(scan, query, count, allowed);
        const all = bestOf(search.exact, query, 1500, allowed);
        expect(found.rows).toHaveLength(Math.min(count, all.rows.length));
        expect(new Set(found.rows).size).toBe(found.rows.length);
        for (const [place, row] of found.rows.entries())
          expect(all.scores[all.rows.indexOf(row)]).toBe(found.scores[place]);
        expect([...found.scores].sort((a, b) => b - a)).toEqual(found.scores);
      }
    }
  });
});

it('returns the exact rows with an index that finds everything', async () => {
  const search = await searchBy(sureIndexer);
  const scan = createIndexedScan(search);
  for (const allowed of masks) {
    const query = someQuery();
    expect(bestOf(scan, query, 20, allowed)).toEqual(bestOf(search.exact, query, 20, allowed));
  }
});

it('uses the exact scan when the index would have to search too deep', async () => {
  const search = await searchBy(sureIndexer);
  const depths: number[] = [];
  const index: IndexedRows['index'] = {
    nearest(query, depth) {
      depths.push(depth);
      return search.index.nearest(query, depth);
    },
  };
  const allowed = Uint8Array.from({ length: 1500 }, (_, row) => Number(row % 250 === 0));
  bestOf(createIndexedScan({ ...search, index }), someQuery(), 20, allowed);
  expect(depths.length).toBeLessThanOrEqual(3);
  expect(Math.max(...depths)).toBeLessThanOrEqual(512);
});

it('refuses a query of another length as the exact scan does', async () => {
  const scan = createIndexedScan(await searchBy(sureIndexer));
  expect(() => bestOf(scan, new Float32Array(columns + 4), 20)).toThrow(RangeError);
});

describe('measureRecall', () => {
  it('is 1 for an index that finds everything, and 0 for one that finds the worst', async () => {
    expect(await measureRecall(await searchBy(sureIndexer))).toBe(1);
    expect(await measureRecall(await searchBy(worstIndexer))).toBe(0);
  });

  it('is the share of the best that is found, equal on every run', async () => {
    const search = await searchBy(forgetfulIndexer(4));
    const recall = await measureRecall(search);
    expect(recall).toBeGreaterThan(0.65);
    expect(recall).toBeLessThan(0.85);
    expect(await measureRecall(search)).toBe(recall);
  });

  it('uses no row without a score as a query, and is NaN when no row has one', async () => {
    const search = await searchBy(forgetfulIndexer(4));
    const scored = Uint8Array.from({ length: 1500 }, (_, row) => Number(row % 4 !== 0));
    expect(await measureRecall(search, scored)).toBe(1);
    expect(await measureRecall(search, new Uint8Array(1500))).toBeNaN();
  });
});
