import { agglomerate } from '../../numeric/agglomerate';
import { normalizeRows } from './features';

/** Where clusters stand, and how closely. */
export interface Centres {
  /** [clusters × columns], each of length 1; zeros for a cluster without rows. */
  readonly rows: Float32Array;
  readonly columns: number;
  /** Mean cosine of a cluster's rows to its centre, 0 to 1. */
  readonly cohesion: Float64Array;
  readonly sizes: Uint32Array;
}

const dot = (a: Float32Array, from: number, b: Float32Array, to: number, length: number): number => {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[from + k] * b[to + k];
  return sum;
};

/**
 * Centres of groups of rows.
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

/** Cosines of centres. [groups × groups] */
export function cosinesOf({ rows, columns, sizes }: Centres): Float64Array {
  const groups = sizes.length;
  return Float64Array.from({ length: groups * groups }, (_, at) =>
    dot(rows, Math.floor(at / groups) * columns, rows, (at % groups) * columns, columns),
  );
}

/** Tags under which there is no need of wider ones. */
const fewestToGroup = 4;
/** Tags of a wider one, about. */
const childrenEach = 3.5;

/**
 * Wider tags: groups of two clusters or more, those most alike first; a cluster like no other stands alone.
 *
 * @returns group of each cluster; -1 for one that stands alone
 */
export function groupCentres(centres: Centres): Int32Array {
  const { sizes } = centres;
  const count = sizes.length;
  if (count < fewestToGroup) return new Int32Array(count).fill(-1);
  const weights = Float64Array.from(sizes, size => Math.max(1, size));
  const groups = agglomerate(cosinesOf(centres), weights, Math.max(2, Math.round(count / childrenEach)));
  const members = new Map<number, number>();
  for (const group of groups) members.set(group, (members.get(group) ?? 0) + 1);
  const kept = [...members].filter(([, size]) => size >= 2 && size < count).map(([group]) => group);
  return Int32Array.from(groups, group => kept.indexOf(group));
}
