import type { TreatedRows } from '../../src/insights/uplift/learner';
import type { Column } from '../../src/learning/tabular/table';
import { createRng } from '../../src/numeric/rng';

/** An experiment whose effect on every row is known. */
export interface KnownEffect {
  readonly rows: TreatedRows;
  /** Difference that the treatment makes to the probability of the outcome, one per row. */
  readonly effect: Float64Array;
}

/**
 * Draws an experiment. A sixth of the rows is moved up by 30 points, a sixth is put off by 20, the others are not moved. Who
 * buys without the treatment is another question, and easier: a model of the response alone finds the sure buyers.
 *
 * @param isShuffled - the arms are dealt again after the outcomes, so that nothing has an effect
 */
export function drawKnownEffect(
  count: number,
  { seed = 1, share = 0.5, isShuffled = false } = {},
): KnownEffect {
  const rng = createRng(seed);
  const [a, b, c] = [0, 1, 2].map(() => Float32Array.from({ length: count }, () => rng.uniform()));
  const kind = Float32Array.from({ length: count }, () => rng.int(3));
  const effect = Float64Array.from(a, (value, row) => {
    if (value <= 0.5) return 0;
    if (kind[row] === 0) return 0.3;
    return kind[row] === 1 ? -0.2 : 0;
  });
  const treated = Uint8Array.from({ length: count }, () => Number(rng.uniform() < share));
  const labels = Uint8Array.from(effect, (own, row) =>
    Number(rng.uniform() < 0.25 + 0.4 * b[row] + (treated[row] === 1 ? own : 0)),
  );
  const columns: Column[] = [
    ...[a, b, c].map((values, place): Column => ({ name: `x${place}`, kind: 'numeric', values })),
    { name: 'kind', kind: 'categorical', values: kind, categories: ['moved', 'put off', 'indifferent'] },
  ];
  return {
    rows: {
      table: { rows: count, columns },
      labels,
      treated: isShuffled ? createRng(seed + 1).shuffle(treated.slice()) : treated,
    },
    effect,
  };
}
