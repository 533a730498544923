import type { Measurement } from '../../src/evaluation/evaluation';
import { gate, gateMetric } from '../../src/evaluation/gate';

/** A measurement of ndcg@20 only, one value per user. */
function measurement(values: readonly number[], firstRow = 0): Measurement {
  return {
    userRows: Uint32Array.from(values, (_, index) => firstRow + index),
    perUser: new Map([[gateMetric, Float64Array.from(values)]]),
    means: {} as Measurement['means'],
    standardErrors: {} as Measurement['standardErrors'],
  };
}

/** n users: half at low, half at high, plus `shift`. */
const around = (low: number, high: number, count = 100): number[] =>
  Array.from({ length: count }, (_, index) => (index % 2 === 0 ? low : high));

describe('gate', () => {
  const popularity = measurement(around(0.1, 0.3));

  it('passes a candidate that beats popularity user by user', () => {
    const verdict = gate({ candidate: measurement(around(0.12, 0.32)), popularity, live: null });
    expect(verdict).toEqual({
      passed: true,
      reason: 'Beats popularity: ndcg@20 0.2200 against 0.2000 of popularity over 100 users.',
    });
  });

  it('refuses a candidate whose lead is within the noise', () => {
    // Ahead by .3 for half the users, behind by .28 for the others: mean .01, standard error .029.
    const candidate = measurement(around(0.4, 0.02));
    expect(gate({ candidate, popularity, live: null })).toMatchObject({ passed: false });
  });

  it('refuses a candidate equal to popularity, or worse', () => {
    expect(gate({ candidate: popularity, popularity, live: null }).passed).toBe(false);
    const worse = measurement(around(0.05, 0.25));
    expect(gate({ candidate: worse, popularity, live: null }).reason).toMatch(/^Does not beat popularity: /);
  });

  it('decides by the mean alone for few users', () => {
    const few = (values: number[]): Measurement => measurement(values.slice(0, 10));
    const candidate = few(around(0.4, 0.02));
    expect(gate({ candidate, popularity: few(around(0.1, 0.3)), live: null }).passed).toBe(true);
  });

  it('accepts a candidate slightly worse than the live artifact, but not more', () => {
    const live = measurement(around(0.3, 0.5));
    const withMean = (mean: number): Measurement => measurement(around(mean - 0.1, mean + 0.1));
    expect(gate({ candidate: withMean(0.385), popularity, live }).passed).toBe(true);
    const verdict = gate({ candidate: withMean(0.375), popularity, live });
    expect(verdict).toEqual({
      passed: false,
      reason:
        'Worse than the live artifact: ndcg@20 0.3750 against 0.4000 of the live artifact over 100 users.',
    });
  });

  it('compares only users that both measurements have', () => {
    const shifted = measurement(around(0.9, 0.9, 50), 90);
    expect(gate({ candidate: shifted, popularity, live: null }).reason).toMatch(/over 10 users/);
    const strangers = measurement(around(0.9, 0.9), 1000);
    expect(gate({ candidate: strangers, popularity, live: null }).passed).toBe(false);
  });

  it('compares models with the same list for every user only with their live artifact', () => {
    expect(gate({ candidate: popularity, popularity: null, live: null }).passed).toBe(true);
    expect(gate({ candidate: popularity, popularity: null, live: popularity }).passed).toBe(true);
  });

  it('passes without held-out users, and gives that reason', () => {
    const nobody = measurement([]);
    expect(gate({ candidate: nobody, popularity: nobody, live: null })).toEqual({
      passed: true,
      reason: 'No user has anything held out: nothing to compare on.',
    });
  });
});
