// Clusters the categories of a shop with a tree of them, so that no category is divided. Departments of short, abbreviated names share
// words by chance ("COLD CEREAL", "COLD AND FLU"), and single products move between tags; the mean features of a whole category
// hardly change. Categories are joined by Ward's criterion (Ward 1963): each step joins the two whose union adds least
// variance. Joining across the top level costs more. O(categories³ + items · columns).

import type { Categories, Items } from './items';
import { categoryLevels, isCategoryTerm } from './terms';

/** Categories with fewer products count as their parent. */
const minProducts = 8;
/** Fewest and most categories that are joined. */
const minGroups = 32;
const maxGroups = 800;
/** Least share of the products that have a category of two levels or more. */
const minCovered = 0.8;
/** How many times the variance of joining two categories of different top levels counts. */
const acrossTops = 5;

/** Returns, for each item, its category cut at a level: the deepest one that enough products have; undefined for none. */
function cutAt(
  paths: readonly (readonly string[])[],
  sizes: Float32Array,
  depth: number,
): readonly (string | undefined)[] {
  const products = new Map<string, number>();
  for (const [item, path] of paths.entries())
    for (const term of path) products.set(term, (products.get(term) ?? 0) + sizes[item]);
  return paths.map(path => path.slice(0, depth).findLast(term => (products.get(term) ?? 0) >= minProducts));
}

/**
 * Returns the categories of items, at the first level below the top with many; undefined in a shop without a tree of
 * categories.
 *
 * @param texts - terms of each item, with one term per level of its category
 * @param sizes - products of each item
 */
export function categoriesOf(
  texts: readonly (readonly string[])[],
  sizes: Float32Array,
): Categories | undefined {
  const paths = texts.map(terms =>
    [...new Set(terms.filter(isCategoryTerm))].sort((a, b) => categoryLevels(a) - categoryLevels(b)),
  );
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const covered = paths.reduce((sum, path, item) => sum + (path.length > 1 ? sizes[item] : 0), 0);
  if (covered < minCovered * all) return undefined;
  const deepest = paths.reduce((most, path) => Math.max(most, path.length), 0);
  for (let depth = 2; depth <= deepest; depth++) {
    const cut = cutAt(paths, sizes, depth);
    const names = [...new Set(cut.filter(name => name !== undefined))].sort();
    if (names.length > maxGroups) return undefined;
    if (names.length < minGroups) continue;
    const places = new Map(names.map((name, place) => [name, place]));
    const topOf = (name: string): string => name.split(name[0])[1];
    const tops = [...new Set(names.map(topOf))];
    return {
      own: Int32Array.from(cut, name => (name === undefined ? -1 : (places.get(name) ?? -1))),
      tops: Int32Array.from(names, name => tops.indexOf(topOf(name))),
    };
  }
  return undefined;
}

/** Groups of categories that are being joined. */
interface Groups {
  readonly columns: number;
  /** [categories × columns] */
  readonly means: Float64Array;
  readonly masses: Float64Array;
  readonly tops: Int32Array;
}

function groupsOf({ rows, columns, weights }: Items, { own, tops }: Categories): Groups {
  const means = new Float64Array(tops.length * columns);
  const masses = new Float64Array(tops.length);
  for (const [item, group] of own.entries()) {
    if (group < 0) continue;
    masses[group] += weights[item];
    for (let k = 0; k < columns; k++) means[group * columns + k] += weights[item] * rows[item * columns + k];
  }
  for (let at = 0; at < means.length; at++) means[at] /= Math.max(masses[Math.floor(at / columns)], 1e-9);
  return { columns, means, masses, tops: tops.slice() };
}

/** Returns the variance that joining two groups adds. */
function costOf({ columns, means, masses, tops }: Groups, a: number, b: number): number {
  let square = 0;
  for (let k = 0; k < columns; k++) square += (means[a * columns + k] - means[b * columns + k]) ** 2;
  const cost = (square * masses[a] * masses[b]) / Math.max(masses[a] + masses[b], 1e-9);
  return tops[a] === tops[b] ? cost : acrossTops * cost;
}

/** Adds the second group to the first. */
function join({ columns, means, masses }: Groups, a: number, b: number): void {
  const total = Math.max(masses[a] + masses[b], 1e-9);
  for (let k = 0; k < columns; k++) {
    const at = a * columns + k;
    means[at] = (masses[a] * means[at] + masses[b] * means[b * columns + k]) / total;
  }
  masses[a] += masses[b];
}

/** Returns the costs of joining any two groups. [groups × groups] */
function costsOf(groups: Groups): Float64Array {
  const count = groups.masses.length;
  const costs = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) costs[a * count + b] = costs[b * count + a] = costOf(groups, a, b);
  }
  return costs;
}

/** Returns the pair of groups that costs least. */
function closestOf(costs: Float64Array, count: number, left: readonly number[]): readonly [number, number] {
  let best: readonly [number, number] = [left[0], left[1]];
  for (const [place, a] of left.entries()) {
    for (const b of left.slice(place + 1)) {
      if (costs[a * count + b] < costs[best[0] * count + best[1]]) best = [a, b];
    }
  }
  return best;
}

/**
 * Joins the categories of items until each number of groups is reached.
 *
 * @param grid - numbers of groups, ascending; those of more groups than categories are left out
 * @returns group of each item; 0 for an item without a category
 */
export function joinCategories(
  items: Items,
  categories: Categories,
  grid: readonly number[],
): readonly { readonly k: number; readonly labels: Uint32Array }[] {
  const groups = groupsOf(items, categories);
  const count = groups.masses.length;
  const costs = costsOf(groups);
  const groupOf = [...groups.masses.keys()];
  let left = [...groupOf];
  const labelsNow = (): Uint32Array => {
    const places = new Map(left.map((group, place) => [group, place]));
    return Uint32Array.from(categories.own, own => (own < 0 ? 0 : (places.get(groupOf[own]) ?? 0)));
  };
  const found: { readonly k: number; readonly labels: Uint32Array }[] = [];
  while (left.length > 1 && left.length >= (grid[0] ?? count)) {
    if (grid.includes(left.length)) found.unshift({ k: left.length, labels: labelsNow() });
    const [a, b] = closestOf(costs, count, left);
    join(groups, a, b);
    left = left.filter(group => group !== b);
    for (const [category, group] of groupOf.entries()) if (group === b) groupOf[category] = a;
    for (const other of left) {
      if (other !== a) costs[a * count + other] = costs[other * count + a] = costOf(groups, a, other);
    }
  }
  return found;
}
