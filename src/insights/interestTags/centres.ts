import { agglomerate } from '../../numeric/agglomerate';
import { normalizeRows } from './features';

/** Centres of clusters, and how close their rows are to them. */
export interface Centres {
  /** [clusters × columns], each of length 1; zeros for a cluster without rows. */
  readonly rows: Float32Array;
  readonly columns: number;
  /** Mean cosine of a cluster's rows to its centre, 0-1. */
  readonly cohesion: Float64Array;
  readonly sizes: Uint32Array;
}

const dot = (a: Float32Array, from: number, b: Float32Array, to: number, length: number): number => {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k] * b[to + k];
  return sum;
};

/**
 * Computes the centres of groups of rows.
 *
 * @param labels - group of each row; -1 for none
 */
export function centresOf(rows: Float32Array, columns: number, labels: Int32Array, groups: number): Centres {
  const centres = new Float32Array(groups * columns);
  const sizes = new Uint32Array(groups);
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    sizes[label]++;
    for (let k = 0; k < columns; k++) centres[label * columns + k] += rows[row * columns + k];
  }
  normalizeRows(centres, columns);
  const cohesion = new Float64Array(groups);
  for (const [row, label] of labels.entries()) {
    if (label >= 0)
      cohesion[label] += dot(rows, row * columns, centres, label * columns, columns) / sizes[label];
  }
  return { rows: centres, columns, cohesion: cohesion.map(value => Math.min(1, Math.max(0, value))), sizes };
}

/** Returns the cosines of all pairs of centres. [groups × groups] */
export function cosinesOf({ rows, columns, sizes }: Centres): Float64Array {
  const groups = sizes.length;
  return Float64Array.from({ length: groups * groups }, (_, at) =>
    dot(rows, Math.floor(at / groups) * columns, rows, (at % groups) * columns, columns),
  );
}

/** Minimum number of tags to group. */
const minTagsToGroup = 4;
/** Approximate number of tags per wider tag. */
const childrenPerGroup = 3.5;

/**
 * Groups similar clusters into wider tags of at least two clusters each; a cluster without similar ones stays alone.
 *
 * @returns group of each cluster; -1 for one that stands alone
 */
export function groupCentres(centres: Centres): Int32Array {
  const { sizes } = centres;
  const count = sizes.length;
  if (count < minTagsToGroup) return new Int32Array(count).fill(-1);
  const weights = Float64Array.from(sizes, size => Math.max(1, size));
  const groups = agglomerate(cosinesOf(centres), weights, Math.max(2, Math.round(count / childrenPerGroup)));
  const members = new Map<number, number>();
  for (const group of groups) members.set(group, (members.get(group) ?? 0) + 1);
  const kept = [...members].filter(([, size]) => size >= 2 && size < count).map(([group]) => group);
  return Int32Array.from(groups, group => kept.indexOf(group));
}
