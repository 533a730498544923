import fc from 'fast-check';
import { topK } from '../../src/numeric/topK';

const someScore = fc.oneof(
  fc.float({ noDefaultInfinity: false, noNaN: false }),
  fc.constantFrom(0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

/** Reference by a full sort. */
function bySorting(scores: Float32Array, k: number, allowed?: Uint8Array): number[] {
  return [...scores.keys()]
    .filter(row => !Number.isNaN(scores[row]) && allowed?.[row] !== 0)
    .sort((left, right) =>
      scores[left] === scores[right] ? left - right : scores[left] > scores[right] ? -1 : 1,
    )
    .slice(0, k);
}

describe('topK', () => {
  it('agrees with a full sort: ties by lower row, NaN and disallowed rows skipped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(someScore, fc.boolean()), { maxLength: 200 }),
        fc.nat(40),
        fc.boolean(),
        (pairs, k, isMasked) => {
          const scores = Float32Array.from(pairs, ([score]) => score);
          const allowed = isMasked ? Uint8Array.from(pairs, ([, isAllowed]) => Number(isAllowed)) : undefined;
          const found = topK(scores, k, allowed);
          const rows = [...found.rows.subarray(0, found.length)];
          expect(rows).toEqual(bySorting(scores, k, allowed));
          expect([...found.scores.subarray(0, found.length)]).toEqual(rows.map(row => scores[row]));
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });

  it('finds nothing among NaN', () => {
    expect(topK(new Float32Array(50).fill(Number.NaN), 20).length).toBe(0);
  });
});
