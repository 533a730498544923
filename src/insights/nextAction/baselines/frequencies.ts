// Means of what followed a context of the last types: no type (class frequencies), one, or two (Markov chains of first and
// second order). The mean of a context is shrunk to that of the shorter context by pseudo-counts (hierarchical Dirichlet
// priors; MacKay & Peto 1995, "A hierarchical Dirichlet language model"), so that a rare context has the shorter one's mean.
import { typeCountOf } from '../actions';
import type { ActionSteps } from '../steps';
import type { ActionTargets } from '../targets';
import { outcomePlacesOf, outcomesUnseen, writeOutcomes } from './outcomes';

/** Number of types in a context. */
export type Order = 0 | 1 | 2;

/** Means by context. */
export interface Frequencies {
  readonly order: Order;
  /** How many types of events there are. As the type before the first of a session, this number stands for none. */
  readonly types: number;
  /** [contexts + 1 × outcomes of `types`]: by {@link contextOf}, the last row of everything. */
  readonly outcomes: Float32Array;
  /** How many categories there are, unknown (0) not counted. */
  readonly categoryCount: number;
  /** Shares of the next category, by that of the last event: [categoryCount + 1 × categoryCount]; order 0: one row. */
  readonly categories: Float32Array;
}

/** What a context depends on. */
type Contexts = Pick<Frequencies, 'order' | 'types'>;

/** Returns the number of contexts. */
export const contextCount = ({ order, types }: Contexts): number => [1, types, types * (types + 1)][order];

/**
 * Returns the context after an event.
 *
 * @param previous - type of the event before it in the session; `types` for the first
 */
export const contextOf = ({ order, types }: Contexts, previous: number, type: number): number =>
  [0, type, previous * types + type][order];

/** Pseudo-counts that shrink a context's mean to that of the shorter context. */
const priorCases = 10;
/** Pseudo-counts that shrink the overall mean to the prior before any observation. */
const unseenCases = 1;

/** Sums and counts by context. */
interface Sums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

const emptySums = (length: number): Sums => ({
  sums: new Float64Array(length),
  counts: new Float64Array(length),
});

/** Returns means of `width` numbers per context, each shrunk to its parent's. */
function meansOf(
  { sums, counts }: Sums,
  width: number,
  parents: Float64Array,
  parentOf: (context: number) => number,
  cases: number,
): Float64Array {
  return sums.map((sum, cell) => {
    const parent = parents[parentOf(Math.floor(cell / width)) * width + (cell % width)];
    return (sum + cases * parent) / (counts[cell] + cases);
  });
}

/** Calls `visit` with every step and its context. */
function eachContext(
  { offsets, columns, actions }: ActionSteps,
  order: Order,
  visit: (step: number, context: number) => void,
): void {
  const contexts = { order, types: typeCountOf(actions) };
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let step = offsets[user]; step < offsets[user + 1]; step++) {
      const previous = columns.startsSession[step] === 1 ? contexts.types : columns.type[step - 1];
      visit(step, contextOf(contexts, previous, columns.type[step]));
    }
  }
}

function sumOutcomes(steps: ActionSteps, targets: ActionTargets, order: Order): Sums {
  const types = typeCountOf(steps.actions);
  const places = outcomePlacesOf(types);
  const all = emptySums(contextCount({ order, types }) * places.count);
  const outcomes = new Float64Array(places.count);
  eachContext(steps, order, (step, context) => {
    writeOutcomes(targets, step, places, outcomes);
    for (let place = 0; place < places.count; place++) {
      if (Number.isNaN(outcomes[place])) continue;
      all.sums[context * places.count + place] += outcomes[place];
      all.counts[context * places.count + place]++;
    }
  });
  return all;
}

function outcomeMeans(steps: ActionSteps, targets: ActionTargets, order: Order): Float32Array {
  const types = typeCountOf(steps.actions);
  const places = outcomePlacesOf(types);
  const unseen = outcomesUnseen(places);
  const whole = meansOf(sumOutcomes(steps, targets, 0), places.count, unseen, () => 0, unseenCases);
  let means = whole;
  for (const longer of [1, 2] as const) {
    if (longer > order) continue;
    const parentOf = longer === 1 ? () => 0 : (context: number) => context % types;
    means = meansOf(sumOutcomes(steps, targets, longer), places.count, means, parentOf, priorCases);
  }
  const outcomes = new Float32Array(means.length + places.count);
  outcomes.set(means);
  outcomes.set(whole, means.length);
  return outcomes;
}

/** Returns sums with counts: every cell of a row has the row's total as its count. */
function countedRows(sums: Float64Array, width: number): Sums {
  const counts = new Float64Array(sums.length);
  for (let first = 0; first < sums.length; first += width) {
    const row = sums.subarray(first, first + width);
    counts.fill(
      row.reduce((total, value) => total + value, 0),
      first,
      first + width,
    );
  }
  return { sums, counts };
}

function categoryShares(
  { columns, length }: ActionSteps,
  targets: ActionTargets,
  order: Order,
  categories: number,
): Float32Array {
  const all = new Float64Array(categories);
  const own = new Float64Array((categories + 1) * categories);
  for (let step = 0; step < length; step++) {
    const next = targets.category[step] - 1;
    if (next < 0) continue;
    all[next]++;
    own[columns.category[step] * categories + next]++;
  }
  const even = new Float64Array(categories).fill(1 / categories);
  const whole = meansOf(countedRows(all, categories), categories, even, () => 0, unseenCases);
  if (order === 0 || categories === 0) return Float32Array.from(whole);
  return Float32Array.from(meansOf(countedRows(own, categories), categories, whole, () => 0, priorCases));
}

/**
 * Counts what followed every context. O(steps).
 *
 * @param categories - how many there are, unknown (0) not counted
 */
export function countFrequencies(
  steps: ActionSteps,
  targets: ActionTargets,
  order: Order,
  categories: number,
): Frequencies {
  return {
    order,
    types: typeCountOf(steps.actions),
    categoryCount: categories,
    outcomes: outcomeMeans(steps, targets, order),
    categories: categoryShares(steps, targets, order, categories),
  };
}
