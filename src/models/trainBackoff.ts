// Counts what follows the products of each category: see backoff.ts for the formulae.
//
// Cost: up to 100 additions per step of a shopper (50 choices before it and 50 after), one dense row of scratch per category, and a
// pass over the events. Linear in events and products.

import { checkCancelled } from '../learning/cancelled';
import { oncePer } from '../learning/oncePer';
import type { TrainContext } from '../learning/trainContext';
import type { Csr } from '../numeric/csr';
import { pause } from '../numeric/pause';
import { topKInto } from '../numeric/topK';
import type { Snapshot } from '../snapshot/snapshot';
import { type Steps, stepsOf } from '../snapshot/steps';
import { type Backoff, sumsByLeaf } from './backoff';
import { type CategoryTree, categoryTreeOf } from './categories';
import { chooseHalfLife, demandOf, longestHalfLifeDays } from './demand';

/** Choices (κ) at which a category's own counts weigh as much as those of the category above. */
const categoryStrength = 10;
/** Targets kept per category: the rest goes to the category above. */
const maxTargets = 200;
/** Distance in orders up to which choices are near, the decay per order between, and the weight of earlier ones. */
const reach = 5;
const distanceDecay = 0.8;
const backwardWeight = 0.5;
/** Choices before, and after, a choice that are near at most. */
const maxNearby = 50;

/** Returns the number of users who like each product. */
function usersOf({ columns, indices, values }: Csr): Uint32Array {
  const users = new Uint32Array(columns);
  for (let entry = 0; entry < indices.length; entry++) if (values[entry] > 0) users[indices[entry]]++;
  return users;
}

/** Returns the discount D of a choice; 0 where no product was chosen once. */
function discountOf(users: Uint32Array): number {
  let [once, twice] = [0, 0];
  for (const count of users) {
    if (count === 1) once++;
    else if (count === 2) twice++;
  }
  return once === 0 ? 0 : once / (once + 2 * twice);
}

/**
 * Returns the demand of every product, smoothed within its category as the head of backoff.ts says; products without a
 * category are one more category. Sum 1; all equal where nobody likes anything.
 *
 * @param demand - [products]; negative counts as 0
 * @param users - number of users who like each product
 */
function smoothedPopularity(
  demand: Float64Array,
  users: Uint32Array,
  { leafOf, parentOf }: CategoryTree,
): Float32Array {
  const standings = demand.map(own => Math.max(0, own));
  const discount = discountOf(users);
  const none = parentOf.length;
  const categoryOf = (row: number): number => (leafOf[row] < 0 ? none : leafOf[row]);
  const cut = standings.map((standing, row) => (users[row] > 0 ? (discount * standing) / users[row] : 0));
  const freed = new Float64Array(none + 1);
  const sizes = new Uint32Array(none + 1);
  let total = 0;
  for (let row = 0; row < standings.length; row++) {
    freed[categoryOf(row)] += cut[row];
    sizes[categoryOf(row)]++;
    total += standings[row];
  }
  if (!(total > 0)) return new Float32Array(standings.length).fill(1 / standings.length);
  return Float32Array.from(standings, (standing, row) => {
    const shared = freed[categoryOf(row)] / sizes[categoryOf(row)];
    return (standing - cut[row] + shared) / total;
  });
}

/** Counts from one category to others, and all its counts together. */
interface CategoryRow {
  readonly counts: Map<number, number>;
  total: number;
}

/** Counts of one category while its choices are read: dense, cleared after each category. */
interface RowScratch {
  readonly sums: Float64Array;
  readonly touched: Uint32Array;
  length: number;
  total: number;
}

/** Weights of the choices near one step; reused. */
interface Nearby {
  readonly steps: Uint32Array;
  readonly weights: Float64Array;
  length: number;
  total: number;
}

/** Collects the steps near one step in one direction, those of its own order included. */
function collectNear(steps: Steps, step: number, end: number, direction: 1 | -1, near: Nearby): void {
  const { productRows, orders } = steps;
  let [distance, last, weight] = [0, orders[step], 1];
  for (let count = 0, at = step + direction; count < maxNearby && at !== end; count++, at += direction) {
    if (orders[at] !== last) {
      last = orders[at];
      if (++distance > reach) return;
      weight = (direction > 0 ? 1 : backwardWeight) * distanceDecay ** (distance - 1);
    }
    if (productRows[at] === productRows[step]) continue;
    near.steps[near.length] = at;
    near.weights[near.length++] = weight;
    near.total += weight;
  }
}

/** Spreads the choice of one step over the categories of the choices near it. */
function addStep(
  steps: Steps,
  step: number,
  { start, end }: { readonly start: number; readonly end: number },
  leafOf: Int32Array,
  near: Nearby,
  row: RowScratch,
): void {
  near.length = 0;
  near.total = 0;
  collectNear(steps, step, end, 1, near);
  collectNear(steps, step, start - 1, -1, near);
  if (near.length === 0) return;
  row.total++;
  for (let place = 0; place < near.length; place++) {
    const target = leafOf[steps.productRows[near.steps[place]]];
    if (target < 0) continue;
    if (row.sums[target] === 0) row.touched[row.length++] = target;
    row.sums[target] += near.weights[place] / near.total;
  }
}

/** Steps in order of the category of their product, those without a category left out, and the user of each. */
function stepsByLeaf(
  { offsets, productRows }: Steps,
  leafOf: Int32Array,
  categories: number,
): { readonly starts: Uint32Array; readonly steps: Uint32Array; readonly users: Uint32Array } {
  const starts = new Uint32Array(categories + 1);
  for (const row of productRows) if (leafOf[row] >= 0) starts[leafOf[row] + 1]++;
  for (let category = 0; category < categories; category++) starts[category + 1] += starts[category];
  const next = starts.slice();
  const steps = new Uint32Array(starts[categories]);
  const users = new Uint32Array(starts[categories]);
  for (let user = 0; user + 1 < offsets.length; user++) {
    for (let step = offsets[user]; step < offsets[user + 1]; step++) {
      const leaf = leafOf[productRows[step]];
      if (leaf < 0) continue;
      users[next[leaf]] = user;
      steps[next[leaf]++] = step;
    }
  }
  return { starts, steps, users };
}

function takeRow(scratch: RowScratch): CategoryRow {
  const counts = new Map<number, number>();
  const found = scratch.touched.subarray(0, scratch.length).sort();
  for (const target of found) {
    counts.set(target, scratch.sums[target]);
    scratch.sums[target] = 0;
  }
  const row = { counts, total: scratch.total };
  scratch.length = 0;
  scratch.total = 0;
  return row;
}

/** Categories between two checks of the signal. */
const categoriesAtOnce = 64;

/** Counts C_ab, for categories at all levels. */
async function countRows(
  snapshot: Snapshot,
  { leafOf, parentOf }: CategoryTree,
  context: TrainContext,
): Promise<readonly CategoryRow[]> {
  const categories = parentOf.length;
  const steps = stepsOf(snapshot);
  const byLeaf = stepsByLeaf(steps, leafOf, categories);
  const near = {
    steps: new Uint32Array(2 * maxNearby),
    weights: new Float64Array(2 * maxNearby),
    length: 0,
    total: 0,
  };
  const scratch = {
    sums: new Float64Array(categories),
    touched: new Uint32Array(categories),
    length: 0,
    total: 0,
  };
  const rows: CategoryRow[] = [];
  for (let category = 0; category < categories; category++) {
    if (category % categoriesAtOnce === 0) {
      await pause();
      checkCancelled(context);
    }
    for (let place = byLeaf.starts[category]; place < byLeaf.starts[category + 1]; place++) {
      const user = byLeaf.users[place];
      const bounds = { start: steps.offsets[user], end: steps.offsets[user + 1] };
      addStep(steps, byLeaf.steps[place], bounds, leafOf, near, scratch);
    }
    rows.push(takeRow(scratch));
  }
  // Children have higher numbers than parents, so each is complete before it is added to its parent.
  for (let category = categories - 1; category >= 0; category--) {
    if (parentOf[category] < 0) continue;
    const parent = rows[parentOf[category]];
    for (const [target, count] of rows[category].counts)
      parent.counts.set(target, (parent.counts.get(target) ?? 0) + count);
    parent.total += rows[category].total;
  }
  return rows;
}

/** Returns the strongest targets of every category with their shares. */
function sharesOf(rows: readonly CategoryRow[]): Pick<Backoff, 'offsets' | 'targets' | 'shares' | 'rests'> {
  const offsets = new Uint32Array(rows.length + 1);
  const rests = new Float32Array(rows.length).fill(1);
  const targets: number[] = [];
  const shares: number[] = [];
  for (const [category, { counts, total }] of rows.entries()) {
    const found = [...counts].sort(([a], [b]) => a - b);
    const best = new Uint32Array(Math.min(maxTargets, found.length));
    const kept = topKInto(
      Float32Array.from(found, ([, count]) => count),
      best,
      new Float32Array(best.length),
    );
    for (const place of best.subarray(0, kept)) {
      const [target, count] = found[place];
      const share = count / (total + categoryStrength);
      targets.push(target);
      shares.push(share);
      rests[category] -= share;
    }
    rests[category] = Math.max(0, rests[category]);
    offsets[category + 1] = targets.length;
  }
  return { offsets, targets: Uint32Array.from(targets), shares: Float32Array.from(shares), rests };
}

function withinOf(popularity: Float32Array, leafOf: Int32Array, categories: number): Float32Array {
  const sums = sumsByLeaf(leafOf, categories, row => popularity[row]);
  const sizes = sumsByLeaf(leafOf, categories, () => 1);
  return popularity.map((own, row) => {
    const leaf = leafOf[row];
    if (leaf < 0) return 0;
    return sums[leaf] > 0 ? own / sums[leaf] : 1 / sizes[leaf];
  });
}

/**
 * Counts what follows the products of each category. Without categories it is popularity alone. Deterministic. Models that are
 * trained on the same snapshot share the result.
 *
 * @param preferences - of the same snapshot
 * @throws {GatewayError} CANCELLED
 */
export const trainBackoff = oncePer(
  (_preferences: Csr, _context: TrainContext) => '',
  async (snapshot: Snapshot, preferences: Csr, context: TrainContext): Promise<Backoff> => {
    const tree = categoryTreeOf(snapshot);
    const halfLifeDays = (await chooseHalfLife(snapshot, context)) ?? longestHalfLifeDays;
    const demand = demandOf(snapshot, preferences, halfLifeDays);
    const popularity = smoothedPopularity(demand, usersOf(preferences), tree);
    return {
      leafOf: tree.leafOf,
      parentOf: Int32Array.from(tree.parentOf),
      ...sharesOf(await countRows(snapshot, tree, context)),
      popularity,
      within: withinOf(popularity, tree.leafOf, tree.parentOf.length),
    };
  },
);
