import { gru } from '../../../src/models/gru/model';
import { gruTasks } from '../../../src/models/gru/tasks';
import type { Scorer } from '../../../src/models/model';
import { createRng } from '../../../src/numeric/rng';
import { scorerOf, trainContext } from '../../support/scorers';

/** Places on a ring: a session walks less than once around it, so that no product repeats. */
const ring = 64;
const strides = [1, 3, 7, 10];
const walkLength = 6;
/** Probability that a walk keeps its stride; otherwise it draws one of all, which may be the same. */
const constancy = 0.8;

/** Walks that mostly keep their stride: the last two places determine the next, the last alone predicts a quarter at best. */
function walksOf(count: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const walk = [rng.int(ring)];
    let stride = strides[rng.int(strides.length)];
    while (walk.length < walkLength) {
      walk.push(((walk.at(-1) ?? 0) + stride) % ring);
      if (rng.uniform() > constancy) stride = strides[rng.int(strides.length)];
    }
    return walk;
  });
}

const idOf = (place: number): string => `p${place}`;

/** Returns the most probable product after the beginning of a walk. */
function bestAfter(scorer: Scorer, beginning: readonly number[]): string {
  const out = new Float32Array(scorer.products.size);
  const productRows = Uint32Array.from(beginning, place => scorer.products.rowOf(idOf(place)));
  const weights = new Float32Array(productRows.length).fill(1);
  const occurredAt = Float64Array.from(productRows.keys());
  scorer.scoreInto([{ productRows, weights, occurredAt, now: beginning.length }], out);
  return scorer.products.idOf(out.reduce((best, score, row) => (score > out[best] ? row : best), 0));
}

/** Returns the most frequent successor of each place. */
function firstOrder(walks: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const counts = Array.from({ length: ring }, () => new Uint32Array(ring));
  for (const walk of walks) {
    for (const [step, place] of walk.slice(1).entries()) counts[walk[step]][place]++;
  }
  return new Map(counts.map((row, place) => [place, row.indexOf(Math.max(...row))]));
}

describe('the quality of gru', () => {
  it('is close to the optimum where the last two products determine the next, unlike pair counts', async () => {
    const [train, test] = [walksOf(1500, 1), walksOf(300, 2)];
    const events = train.flatMap((walk, user) =>
      walk.map((place, step) => ({
        user: `u${user}`,
        product: idOf(place),
        at: user * 60_000 + step * 1000,
      })),
    );
    const settings = {
      rank: 32,
      epochs: 30,
      batchSize: 256,
      negatives: 64,
      inputDropout: 0,
      stateDropout: 0,
    };
    const scorer = await scorerOf(gru(settings), events, trainContext(1, gruTasks));
    const next = firstOrder(train);
    const rateOf = (isFound: (walk: readonly number[]) => boolean): number =>
      test.filter(isFound).length / test.length;
    const counted = rateOf(walk => next.get(walk[walkLength - 2]) === walk[walkLength - 1]);
    const found = rateOf(walk => bestAfter(scorer, walk.slice(0, -1)) === idOf(walk[walkLength - 1]));
    // The optimum: .85 (a stride drawn anew is the old one every fourth time). Measured: .823 and .283.
    expect(counted).toBeLessThan(0.35);
    expect(found).toBeGreaterThan(0.78);
  });
});
