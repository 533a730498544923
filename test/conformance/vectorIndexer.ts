import { createRng } from '../../src/numeric/rng';
import { createScan } from '../../src/numeric/scan';
import { measureRecall } from '../../src/serving/scan/indexedScan';
import type { VectorIndexer } from '../../src/store/ports/vectorIndex';

const columns = 16;
const count = 1500;

/** Random rows in thirty clusters. */
export function clusteredRows(seed = 3): Float32Array {
  const rng = createRng(seed);
  const centres = Float32Array.from({ length: 30 * columns }, () => rng.gaussian());
  return Float32Array.from(
    { length: count * columns },
    (_, at) => centres[(Math.floor(at / columns) % 30) * columns + (at % columns)] + 0.5 * rng.gaussian(),
  );
}

const idle = (): AbortSignal => new AbortController().signal;
const queryOf = (rows: Float32Array, row: number) => rows.slice(row * columns, (row + 1) * columns);

/** Promises of every indexer, by name: each resolves when fulfilled and rejects when not. */
export const indexerPromises: readonly (readonly [string, (indexer: VectorIndexer) => Promise<void>])[] = [
  [
    'finds at least 95 % of the best 20',
    async indexer => {
      const rows = clusteredRows();
      const exact = await createScan(rows, columns);
      const index = await indexer.build(rows, columns, idle());
      expect(await measureRecall({ rows, columns, exact, index })).toBeGreaterThanOrEqual(0.95);
    },
  ],
  [
    'returns existing rows, each once, as many as requested',
    async indexer => {
      const rows = clusteredRows();
      const index = await indexer.build(rows, columns, idle());
      for (const wanted of [1, 20, 300]) {
        const named = index.nearest(queryOf(rows, wanted), wanted);
        expect(named).toHaveLength(wanted);
        expect(new Set(named).size).toBe(wanted);
        expect(named.every(row => Number.isInteger(row) && row >= 0 && row < count)).toBe(true);
      }
    },
  ],
  [
    'returns at most all rows',
    async indexer => {
      const rows = clusteredRows().slice(0, 5 * columns);
      const index = await indexer.build(rows, columns, idle());
      expect([...index.nearest(queryOf(rows, 0), 20)].sort()).toEqual([0, 1, 2, 3, 4]);
    },
  ],
  [
    'builds equal indexes from equal rows',
    async indexer => {
      const rows = clusteredRows();
      const [one, other] = [
        await indexer.build(rows, columns, idle()),
        await indexer.build(rows, columns, idle()),
      ];
      for (let row = 0; row < 50; row++) {
        const query = queryOf(rows, row);
        expect(one.nearest(query, 20)).toEqual(other.nearest(query, 20));
      }
    },
  ],
  [
    'stops when aborted',
    async indexer => {
      const built = indexer.build(clusteredRows(), columns, AbortSignal.abort());
      await expect(built).rejects.toMatchObject({ code: 'CANCELLED' });
    },
  ],
];

/** Tests an indexer against the promises. */
export function itBehavesLikeAVectorIndexer(open: () => VectorIndexer): void {
  it.each(indexerPromises)('%s', (_, keeps) => keeps(open()));
}
