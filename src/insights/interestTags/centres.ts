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

/** Groups of rows. */
interface Groups {
  /** Group of each row; -1 for none. */
  readonly labels: Int32Array;
  /** How much each row counts. */
  readonly masses: Float32Array;
}

/** Computes the centres of groups of rows. */
export function centresOf(
  rows: Float32Array,
  columns: number,
  { labels, masses }: Groups,
  groups: number,
): Centres {
  const centres = new Float32Array(groups * columns);
  const sizes = new Uint32Array(groups);
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    sizes[label] += masses[row];
    for (let k = 0; k < columns; k++) centres[label * columns + k] += masses[row] * rows[row * columns + k];
  }
  normalizeRows(centres, columns);
  const cohesion = new Float64Array(groups);
  for (const [row, label] of labels.entries()) {
    if (label < 0) continue;
    const cosine = dot(rows, row * columns, centres, label * columns, columns);
    cohesion[label] += (masses[row] * cosine) / sizes[label];
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
