// The multiple-choice knapsack: at most one option of each class under one budget. Sinha & Zoltners 1979, "The
// multiple-choice knapsack problem": only the options on the upper concave hull of a class matter to the linear
// relaxation, which is solved by taking the steps between them in the order of their gain per cost. The gain of the steps
// taken is below the optimum by less than the gain of the first step that does not fit (the split step).
// O(options × log options) time, about 40 bytes per option.

/** Classes of options with their costs and gains. */
export interface KnapsackTask {
  /** First option of each class, ascending, then the number of options: [classes + 1]. */
  readonly starts: Uint32Array;
  /** Cost of each option, ≥ 0. */
  readonly costs: Float64Array;
  /** Gain of each option. An option that gains nothing is never chosen. */
  readonly gains: Float64Array;
}

/** Options chosen under a budget. */
export interface KnapsackChoice {
  /** The option of each class; -1 for none. [classes] */
  readonly chosen: Int32Array;
  readonly cost: number;
  readonly gain: number;
  /** No choice under this budget gains more. It is the optimum of the linear relaxation. */
  readonly gainBound: number;
}

/** The most that can be gained for a cost, by the linear relaxation: a concave curve through these points. */
export interface KnapsackFrontier {
  /** Ascending, from 0. */
  readonly costs: Float64Array;
  readonly gains: Float64Array;
}

/** Steps from an option of a class to the next one on its hull, in the order of their gain per cost. */
interface Steps {
  readonly order: Uint32Array;
  /** The class of each step. */
  readonly classOf: Uint32Array;
  /** The option that each step arrives at. */
  readonly option: Uint32Array;
  readonly cost: Float64Array;
  readonly gain: Float64Array;
}

/** The smallest budget surplus that counts: sums of costs are rounded. */
const tolerance = 1e-9;

function checkTask({ starts, costs, gains }: KnapsackTask): void {
  const options = starts.length > 0 ? starts[starts.length - 1] : -1;
  const isRight =
    options === costs.length &&
    options === gains.length &&
    starts[0] === 0 &&
    starts.every((start, place) => place === 0 || start >= starts[place - 1]) &&
    costs.every(cost => cost >= 0 && Number.isFinite(cost)) &&
    gains.every(Number.isFinite);
  if (isRight) return;
  throw new RangeError(
    `Expected ascending starts from 0 to the number of options, finite costs ≥ 0 and finite gains; got ${starts.length} starts, ${costs.length} costs, ${gains.length} gains.`,
  );
}

/** Whether the middle of three options, by ascending cost, lies on or under the line through the others. */
function isUnderLine({ costs, gains }: KnapsackTask, from: number, middle: number, to: number): boolean {
  const [fromCost, fromGain] = from < 0 ? [0, 0] : [costs[from], gains[from]];
  return (
    (gains[middle] - fromGain) * (costs[to] - fromCost) <= (gains[to] - fromGain) * (costs[middle] - fromCost)
  );
}

/** Options of a class on its upper concave hull, by ascending cost and gain, beginning after "none" (cost 0, gain 0). */
function hullOf(task: KnapsackTask, start: number, end: number): readonly number[] {
  const { costs, gains } = task;
  const options: number[] = [];
  for (let option = start; option < end; option++) if (gains[option] > 0) options.push(option);
  options.sort((a, b) => costs[a] - costs[b] || gains[b] - gains[a] || a - b);
  const hull: number[] = [];
  for (const option of options) {
    if (hull.length > 0 && gains[option] <= gains[hull[hull.length - 1]]) continue;
    while (hull.length > 0 && isUnderLine(task, hull[hull.length - 2] ?? -1, hull[hull.length - 1], option))
      hull.pop();
    hull.push(option);
  }
  return hull;
}

/** Steps of all classes. Within a class they descend in gain per cost, so that sorting keeps their order. */
function stepsOf(task: KnapsackTask): Steps {
  const { starts, costs, gains } = task;
  const size = costs.length;
  const [classOf, option] = [new Uint32Array(size), new Uint32Array(size)];
  const [cost, gain] = [new Float64Array(size), new Float64Array(size)];
  let count = 0;
  for (let group = 0; group + 1 < starts.length; group++) {
    let [spent, gained] = [0, 0];
    for (const next of hullOf(task, starts[group], starts[group + 1])) {
      classOf[count] = group;
      option[count] = next;
      cost[count] = costs[next] - spent;
      gain[count] = gains[next] - gained;
      [spent, gained] = [costs[next], gains[next]];
      count++;
    }
  }
  const rates = Float64Array.from({ length: count }, (_, step) => gain[step] / cost[step]);
  // A step of no cost has an infinite rate, and the difference of two of them is NaN: compared, not subtracted.
  const order = Uint32Array.from({ length: count }, (_, step) => step).sort((a, b) =>
    rates[a] === rates[b] ? a - b : rates[b] > rates[a] ? 1 : -1,
  );
  return { order, classOf, option, cost, gain };
}

/** Takes for each class the option that gains most with what is left, in the order of the steps. */
function spendRest(
  { starts, costs, gains }: KnapsackTask,
  { order, classOf }: Steps,
  chosen: Int32Array,
  left: number,
): void {
  let rest = left;
  for (const step of order) {
    const group = classOf[step];
    const [spent, gained] = chosen[group] < 0 ? [0, 0] : [costs[chosen[group]], gains[chosen[group]]];
    let best = chosen[group];
    let bestGain = gained;
    for (let option = starts[group]; option < starts[group + 1]; option++) {
      if (gains[option] <= bestGain || costs[option] - spent > rest + tolerance) continue;
      best = option;
      bestGain = gains[option];
    }
    if (best === chosen[group]) continue;
    rest -= costs[best] - spent;
    chosen[group] = best;
  }
}

/** Cost and gain of the chosen options of the classes that count. */
function totalsOf(
  { costs, gains }: KnapsackTask,
  chosen: Int32Array,
  isCounted: Uint8Array | null,
): Pick<KnapsackChoice, 'cost' | 'gain'> {
  let [cost, gain] = [0, 0];
  for (const [group, option] of chosen.entries()) {
    if (option < 0 || isCounted?.[group] === 0) continue;
    cost += costs[option];
    gain += gains[option];
  }
  return { cost, gain };
}

/**
 * Chooses at most one option of each class so that the gain is high and the cost is within the budget. Steps are taken in
 * the order of their gain per cost up to the first that does not fit; the rest of the budget is spent in the same order.
 * `gainBound - gain` is below the gain of that step, and 0 where every step fits.
 *
 * @param budget - ≥ 0
 * @param isCounted - [classes] 0 for classes whose options are chosen by the same rule, but neither cost nor gain: shoppers
 * who are held out of a campaign at random stay comparable with those who are not. Then no rest is spent; null: all count
 * @throws {RangeError} on arrays that do not fit together, a negative cost, or a negative budget
 */
export function chooseOptions(
  task: KnapsackTask,
  budget: number,
  isCounted: Uint8Array | null = null,
): KnapsackChoice {
  checkTask(task);
  if (!(budget >= 0)) throw new RangeError(`Expected a budget ≥ 0; got ${budget}.`);
  const steps = stepsOf(task);
  const chosen = new Int32Array(task.starts.length - 1).fill(-1);
  let [spent, gained] = [0, 0];
  let gainBound = Number.NaN;
  for (const step of steps.order) {
    const group = steps.classOf[step];
    if (isCounted?.[group] !== 0) {
      const cost = steps.cost[step];
      if (spent + cost > budget + tolerance) {
        gainBound = gained + (steps.gain[step] * (budget - spent)) / cost;
        break;
      }
      spent += cost;
      gained += steps.gain[step];
    }
    chosen[group] = steps.option[step];
  }
  if (Number.isNaN(gainBound)) return { chosen, cost: spent, gain: gained, gainBound: gained };
  if (isCounted === null) spendRest(task, steps, chosen, budget - spent);
  const totals = totalsOf(task, chosen, isCounted);
  return { chosen, ...totals, gainBound: Math.max(gainBound, totals.gain) };
}

/**
 * Returns the most that can be gained at each cost, by the linear relaxation: the sums of the steps in the order of their
 * gain per cost, from what costs nothing, at most `points` of them at about equal distances in cost.
 *
 * @param points - ≥ 2
 * @throws {RangeError} as {@link chooseOptions}
 */
export function knapsackFrontier(task: KnapsackTask, points: number): KnapsackFrontier {
  checkTask(task);
  if (!(points >= 2)) throw new RangeError(`Expected at least 2 points; got ${points}.`);
  const { order, cost, gain } = stepsOf(task);
  const total = order.reduce((sum, step) => sum + cost[step], 0);
  const [costs, gains] = [[0], [0]];
  let [spent, gained] = [0, 0];
  for (const [place, step] of order.entries()) {
    spent += cost[step];
    gained += gain[step];
    const isDue = spent >= (total * costs.length) / (points - 1) - tolerance || place + 1 === order.length;
    // Steps without a cost come first, and belong to the first point.
    if (spent > 0 && isDue && costs.length < points) {
      costs.push(spent);
      gains.push(gained);
    } else if (spent === 0 || isDue) {
      costs[costs.length - 1] = spent;
      gains[gains.length - 1] = gained;
    }
  }
  return { costs: Float64Array.from(costs), gains: Float64Array.from(gains) };
}
