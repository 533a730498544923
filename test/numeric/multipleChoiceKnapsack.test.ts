import fc from 'fast-check';
import { chooseOptions, type KnapsackTask, knapsackFrontier } from '../../src/numeric/multipleChoiceKnapsack';

type Option = readonly [cost: number, gain: number];

function taskOf(classes: readonly (readonly Option[])[]): KnapsackTask {
  const starts = [0];
  for (const options of classes) starts.push(starts[starts.length - 1] + options.length);
  const all = classes.flat();
  return {
    starts: Uint32Array.from(starts),
    costs: Float64Array.from(all, ([cost]) => cost),
    gains: Float64Array.from(all, ([, gain]) => gain),
  };
}

/** The optimum, by trying every combination. */
function optimum(classes: readonly (readonly Option[])[], budget: number): number {
  const [first, ...rest] = classes;
  if (first === undefined) return 0;
  let best = optimum(rest, budget);
  for (const [cost, gain] of first)
    if (cost <= budget) best = Math.max(best, gain + optimum(rest, budget - cost));
  return best;
}

const someClasses = fc.array(
  fc.array(fc.tuple(fc.nat(12), fc.integer({ min: -3, max: 20 })), { maxLength: 4 }),
  {
    maxLength: 6,
  },
);

/** The largest gain of a step of a hull is at most the largest gain of an option. */
const largestGain = (classes: readonly (readonly Option[])[]): number =>
  Math.max(0, ...classes.flat().map(([, gain]) => gain));

describe('chooseOptions', () => {
  it('keeps the budget, and is near the optimum, which is within its bound', () => {
    let exact = 0;
    let runs = 0;
    fc.assert(
      fc.property(someClasses, fc.nat(40), (classes, budget) => {
        const task = taskOf(classes);
        const { chosen, cost, gain, gainBound } = chooseOptions(task, budget);
        const best = optimum(classes, budget);
        expect(cost).toBeLessThanOrEqual(budget);
        expect(gain).toBeLessThanOrEqual(best + 1e-9);
        expect(best).toBeLessThanOrEqual(gainBound + 1e-9);
        expect(gainBound - gain).toBeLessThanOrEqual(largestGain(classes));
        for (const [group, option] of chosen.entries()) {
          if (option < 0) continue;
          expect(option).toBeGreaterThanOrEqual(task.starts[group]);
          expect(option).toBeLessThan(task.starts[group + 1]);
        }
        const taken = [...chosen].filter(option => option >= 0);
        expect(taken.reduce((sum, option) => sum + task.gains[option], 0)).toBeCloseTo(gain, 9);
        expect(taken.reduce((sum, option) => sum + task.costs[option], 0)).toBeCloseTo(cost, 9);
        runs++;
        exact += Number(gain > best - 1e-9);
      }),
      { seed: 11, numRuns: 600 },
    );
    // Most small cases are solved exactly: a greedy choice without the rest of the budget would not be.
    expect(exact / runs).toBeGreaterThan(0.85);
  });

  it('takes the best option of every class where the budget is enough, and nothing that gains nothing', () => {
    const task = taskOf([
      [
        [2, 3],
        [5, 4],
      ],
      [[1, -1]],
      [],
      [
        [0, 1],
        [0, 2],
      ],
    ]);
    expect(chooseOptions(task, 100)).toEqual({
      chosen: Int32Array.of(1, -1, -1, 4),
      cost: 5,
      gain: 6,
      gainBound: 6,
    });
    expect([...chooseOptions(task, 0).chosen]).toEqual([-1, -1, -1, 4]);
  });

  it('spends what the first step that does not fit leaves', () => {
    const { chosen, gain, gainBound } = chooseOptions(taskOf([[[6, 12]], [[5, 9]], [[4, 4]]]), 10);
    expect([...chosen]).toEqual([0, -1, 2]);
    expect(gain).toBe(16);
    expect(gainBound).toBeCloseTo(12 + (9 * 4) / 5, 12);
  });

  it('chooses for classes that do not count by the same rule, and spends nothing on them', () => {
    fc.assert(
      fc.property(
        someClasses,
        fc.nat(40),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (classes, budget, counted) => {
          const isCounted = Uint8Array.from(classes, (_, group) => Number(counted[group]));
          const choice = chooseOptions(taskOf(classes), budget, isCounted);
          const own = classes.filter((_, group) => counted[group]);
          expect(choice.cost).toBeLessThanOrEqual(budget);
          expect(choice.gain).toBeLessThanOrEqual(optimum(own, budget) + 1e-9);
          expect(optimum(own, budget)).toBeLessThanOrEqual(choice.gainBound + 1e-9);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
    const same: readonly Option[] = [[2, 3]];
    const { chosen, cost } = chooseOptions(taskOf([same, same, same, same]), 4, Uint8Array.of(1, 0, 1, 1));
    expect([...chosen]).toEqual([0, 1, 2, -1]);
    expect(cost).toBe(4);
  });

  it('refuses arrays that do not fit together, negative costs and negative budgets', () => {
    const task = taskOf([[[1, 1]]]);
    expect(() => chooseOptions({ ...task, gains: new Float64Array(2) }, 1)).toThrow(RangeError);
    expect(() => chooseOptions({ ...task, costs: Float64Array.of(-1) }, 1)).toThrow(RangeError);
    expect(() => chooseOptions({ ...task, starts: Uint32Array.of(1, 1) }, 1)).toThrow(RangeError);
    expect(() => chooseOptions(task, -1)).toThrow(RangeError);
    expect(() => chooseOptions(task, Number.NaN)).toThrow(RangeError);
  });
});

describe('knapsackFrontier', () => {
  it('is concave, ascends from what is free to the best option of every class, and bounds every choice', () => {
    fc.assert(
      fc.property(someClasses, fc.integer({ min: 2, max: 12 }), (classes, points) => {
        const task = taskOf(classes);
        const { costs, gains } = knapsackFrontier(task, points);
        expect(costs.length).toBeLessThanOrEqual(points);
        expect(costs[0]).toBe(0);
        expect(gains[0]).toBeCloseTo(chooseOptions(task, 0).gain, 9);
        const all = chooseOptions(task, 1e9);
        expect(costs[costs.length - 1]).toBeCloseTo(all.cost, 9);
        expect(gains[gains.length - 1]).toBeCloseTo(all.gain, 9);
        let rate = Number.POSITIVE_INFINITY;
        for (let point = 1; point < costs.length; point++) {
          const next = (gains[point] - gains[point - 1]) / (costs[point] - costs[point - 1]);
          if (Number.isFinite(next)) {
            expect(next).toBeLessThanOrEqual(rate + 1e-9);
            rate = next;
          }
          expect(chooseOptions(task, costs[point]).gain).toBeLessThanOrEqual(gains[point] + 1e-9);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it('refuses fewer than two points', () => {
    expect(() => knapsackFrontier(taskOf([]), 1)).toThrow(RangeError);
  });
});
