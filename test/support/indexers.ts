import { GatewayError } from '../../src/domain/errors';
import { scoreRowsInto } from '../../src/numeric/scoreRows';
import { topK } from '../../src/numeric/topK';
import type { VectorIndexer } from '../../src/store/ports/vectorIndex';

/** An indexer whose indices name rows by scores of every row. */
const indexerBy = (named: (scores: Float32Array, count: number) => readonly number[]): VectorIndexer => ({
  build(rows, columns, signal) {
    if (signal.aborted) return Promise.reject(new GatewayError('CANCELLED', 'Cancelled.'));
    return Promise.resolve({
      nearest(query, count) {
        const scores = new Float32Array(rows.length / columns);
        scoreRowsInto(query, rows, columns, scores);
        return named(scores, count);
      },
    });
  },
});

/** Misses nothing. */
export const sureIndexer = indexerBy((scores, count) => [...topK(scores, count).rows]);

/** Returns the worst rows. */
export const worstIndexer = indexerBy((scores, count) => [
  ...topK(
    scores.map(score => -score),
    count,
  ).rows,
]);

/** Misses one row in `every`. */
export const forgetfulIndexer = (every: number): VectorIndexer =>
  indexerBy((scores, count) => [...topK(scores, count).rows].filter(row => row % every !== 0));

/** Returns rows twice, rows that do not exist, and few others. */
export const wildIndexer = indexerBy((scores, count) => {
  const [best] = topK(scores, count).rows;
  return [best, best, -1, 0.5, Number.NaN, scores.length, 2 ** 31].slice(0, Math.max(count, 7));
});
