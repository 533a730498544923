import type { LabelledRows } from '../../src/learning/tabular/learner';
import { createRng } from '../../src/numeric/rng';

/**
 * Rows whose outcome depends on a number (some missing), on a category, and on both together; a third column is noise.
 *
 * @param seed - equal seeds give equal rows
 */
export function responders(rows: number, seed: number): LabelledRows {
  const rng = createRng(seed);
  const spend = new Float32Array(rows);
  const job = new Float32Array(rows);
  const noise = new Float32Array(rows);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    spend[row] = rng.gaussian();
    job[row] = rng.int(4);
    noise[row] = rng.gaussian();
    const margin = -1.5 + spend[row] + (job[row] === 2 ? 1.5 : 0) + (job[row] === 3 ? -2 * spend[row] : 0);
    labels[row] = Number(rng.uniform() < 1 / (1 + Math.exp(-margin)));
    if (rng.uniform() < 0.1) spend[row] = Number.NaN;
  }
  return {
    table: {
      rows,
      columns: [
        { name: 'spend', kind: 'numeric', values: spend },
        { name: 'job', kind: 'categorical', values: job, categories: ['a', 'b', 'c', 'd'] },
        { name: 'noise', kind: 'numeric', values: noise },
      ],
    },
    labels,
  };
}
