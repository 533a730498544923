import type { Measurement } from '../../src/evaluation/evaluation';
import { type GateVerdict, gate, gateMetric } from '../../src/evaluation/gate';

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

/** Measurements of one check; popularity is to be beaten. */
interface Compared {
  readonly candidate: Measurement;
  readonly popularity: Measurement | null;
  readonly live: Measurement | null;
}

const compare = ({ candidate, popularity, live }: Compared): GateVerdict =>
  gate([
    {
      asked: 'new products',
      units: 'users',
      candidate,
      baseline: popularity && { name: 'popularity', measurement: popularity, rule: 'beat' },
      live,
    },
  ]);

describe('gate', () => {
  const popularity = measurement(around(0.1, 0.3));

  it('passes a candidate that beats popularity user by user', () => {
    const verdict = compare({ candidate: measurement(around(0.12, 0.32)), popularity, live: null });
    expect(verdict).toEqual({
      passed: true,
      reason: 'Beats popularity on new products: ndcg@20 0.2200 against 0.2000 of popularity over 100 users.',
    });
  });

  it('refuses a candidate whose lead is within the noise', () => {
    // Ahead by .3 for half the users, behind by .28 for the others: mean .01, standard error .029.
    const candidate = measurement(around(0.4, 0.02));
    expect(compare({ candidate, popularity, live: null })).toMatchObject({ passed: false });
  });

  it('refuses a candidate equal to popularity, or worse', () => {
    expect(compare({ candidate: popularity, popularity, live: null }).passed).toBe(false);
    const worse = measurement(around(0.05, 0.25));
    expect(compare({ candidate: worse, popularity, live: null }).reason).toMatch(
      /^Does not beat popularity on new products: /,
    );
  });

  it('decides by the mean alone for few users', () => {
    const few = (values: number[]): Measurement => measurement(values.slice(0, 10));
    const candidate = few(around(0.4, 0.02));
    expect(compare({ candidate, popularity: few(around(0.1, 0.3)), live: null }).passed).toBe(true);
  });

  it('accepts a candidate slightly worse than the live artifact, but not more', () => {
    const live = measurement(around(0.3, 0.5));
    const withMean = (mean: number): Measurement => measurement(around(mean - 0.1, mean + 0.1));
    expect(compare({ candidate: withMean(0.385), popularity, live }).passed).toBe(true);
    const verdict = compare({ candidate: withMean(0.375), popularity, live });
    expect(verdict).toEqual({
      passed: false,
      reason:
        'Worse than the live artifact on new products: ndcg@20 0.3750 against 0.4000 of the live artifact over 100 users.',
    });
  });

  it('compares only users that both measurements have', () => {
    const shifted = measurement(around(0.9, 0.9, 50), 90);
    expect(compare({ candidate: shifted, popularity, live: null }).reason).toMatch(/over 10 users/);
    const strangers = measurement(around(0.9, 0.9), 1000);
    expect(compare({ candidate: strangers, popularity, live: null }).passed).toBe(false);
  });

  it('compares models with the same list for every user only with their live artifact', () => {
    expect(compare({ candidate: popularity, popularity: null, live: null }).passed).toBe(true);
    expect(compare({ candidate: popularity, popularity: null, live: popularity }).passed).toBe(true);
  });

  it('passes without held-out users, and gives that reason', () => {
    const nobody = measurement([]);
    expect(compare({ candidate: nobody, popularity: nobody, live: null })).toEqual({
      passed: true,
      reason: 'No users to ask for new products: nothing to compare on.',
    });
  });

  describe('with a baseline to reach', () => {
    const frequency = measurement(around(0.3, 0.5));
    const reach = (candidate: Measurement): GateVerdict =>
      gate([
        {
          asked: 'products bought again',
          units: 'shoppers',
          candidate,
          baseline: { name: 'own frequency', measurement: frequency, rule: 'reach' },
          live: null,
        },
      ]);

    it('passes an equal candidate, and one that is behind within the noise', () => {
      expect(reach(frequency)).toEqual({
        passed: true,
        reason:
          'No worse than own frequency on products bought again: ndcg@20 0.4000 against 0.4000 of own frequency over 100 shoppers.',
      });
      // Behind by .3 for half the shoppers, ahead by .28 for the others: mean −.01, standard error .029.
      expect(reach(measurement(around(0, 0.78))).passed).toBe(true);
    });

    it('refuses a candidate that is behind shopper by shopper', () => {
      expect(reach(measurement(around(0.28, 0.48)))).toMatchObject({
        passed: false,
        reason: expect.stringMatching(/^Worse than own frequency on products bought again: /),
      });
    });
  });

  it('passes only when every check does, and names the one that fails', () => {
    const better = measurement(around(0.12, 0.32));
    const checkOf = (asked: string, candidate: Measurement) => ({
      asked,
      units: 'shoppers',
      candidate,
      baseline: { name: 'popularity', measurement: popularity, rule: 'beat' as const },
      live: null,
    });
    const both = gate([checkOf('the first', better), checkOf('the second', better)]);
    expect(both.passed).toBe(true);
    expect(both.reason).toMatch(/on the first: .* on the second: /);
    const one = gate([checkOf('the first', better), checkOf('the second', popularity)]);
    expect(one.passed).toBe(false);
    expect(one.reason).toMatch(/^Does not beat popularity on the second: /);
  });
});
