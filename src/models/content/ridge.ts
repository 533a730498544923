import { type Csr, transposeCsr } from '../../numeric/csr';
import { panelColumns } from '../../numeric/multiplySparse';
import { readPanel } from '../../numeric/panels';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { placeCsr } from '../../numeric/wasm/placeCsr';
import type { Texts } from './texts';

/** Steps of conjugate gradients. Few are enough: texts are sparse and λ keeps the matrix well-conditioned. */
const steps = 15;

/** Returns, per column, the inner product of two [rows × columns] matrices. */
function columnDots(a: Float32Array, b: Float32Array, columns: number): Float64Array {
  const dots = new Float64Array(columns);
  for (let at = 0; at < a.length; at += columns) {
    for (let k = 0; k < columns; k++) dots[k] += a[at + k] * b[at + k];
  }
  return dots;
}

/** a ← a + scale_k·b, per column. */
function addColumns(a: Float32Array, b: Float32Array, scale: Float64Array): void {
  const columns = scale.length;
  for (let at = 0; at < a.length; at += columns) {
    for (let k = 0; k < columns; k++) a[at + k] += scale[k] * b[at + k];
  }
}

/** direction ← residual + scale_k·direction, per column. */
function updateDirection(direction: Float32Array, residual: Float32Array, scale: Float64Array): void {
  const columns = scale.length;
  for (let at = 0; at < direction.length; at += columns) {
    for (let k = 0; k < columns; k++) direction[at + k] = residual[at + k] + scale[k] * direction[at + k];
  }
}

/** A ridge regression from texts to targets. */
export interface TextRidge {
  readonly texts: Texts;
  /** [rows], ≥ 0: weight of a row's target. */
  readonly weights: Float32Array;
  /** Y, [rows × columns] */
  readonly targets: Float32Array;
  readonly columns: number;
  /** λ > 0 */
  readonly regularization: number;
}

/** Returns signed ratios, 0 where the denominator is 0: a column that is solved stays unchanged. */
const ratios = (above: Float64Array, below: Float64Array, sign: 1 | -1): Float64Array =>
  above.map((value, k) => (below[k] > 1e-30 ? (sign * value) / below[k] : 0));

/** The matrix of a regression in the memory of the kernels, with the columns that have an entry alone. */
interface System {
  readonly kernels: Kernels;
  readonly arena: Arena;
  /** Columns of the texts that are columns here, ascending. */
  readonly used: Uint32Array;
  /** Addresses of X, [rows × used], and of XᵀW, [used × rows]: see Kernels.multiplySparse. */
  readonly matrix: number;
  readonly weighted: number;
}

/** Returns the terms of the texts, with word vectors as further columns of the same matrix. */
function matrixOf({ rows, terms, rank, indptr, indices, values, dense }: Texts): Csr {
  if (rank === 0) return { rows, columns: terms, indptr, indices, values };
  const starts = indptr.map((start, row) => start + row * rank);
  const joined = {
    indices: new Uint32Array(indices.length + dense.length),
    values: new Float32Array(indices.length + dense.length),
  };
  for (let row = 0; row < rows; row++) {
    joined.indices.set(indices.subarray(indptr[row], indptr[row + 1]), starts[row]);
    joined.values.set(values.subarray(indptr[row], indptr[row + 1]), starts[row]);
    for (let k = 0; k < rank; k++) {
      joined.indices[starts[row + 1] - rank + k] = terms + k;
      joined.values[starts[row + 1] - rank + k] = dense[row * rank + k];
    }
  }
  return { rows, columns: terms + rank, indptr: starts, ...joined };
}

/** Returns the matrix without columns that have no entry, and which columns are left. */
function compacted(matrix: Csr): { readonly matrix: Csr; readonly used: Uint32Array } {
  const isUsed = new Uint8Array(matrix.columns);
  for (const column of matrix.indices) isUsed[column] = 1;
  const used = Uint32Array.from(isUsed.keys()).filter(column => isUsed[column] === 1);
  const placeOf = new Uint32Array(matrix.columns);
  for (const [place, column] of used.entries()) placeOf[column] = place;
  const indices = matrix.indices.map(column => placeOf[column]);
  return { matrix: { ...matrix, columns: used.length, indices }, used };
}

/** Returns XᵀW. */
function weightedTranspose(matrix: Csr, weights: Float32Array): Csr {
  const transposed = transposeCsr(matrix);
  return {
    ...transposed,
    values: transposed.values.map((value, at) => value * weights[transposed.indices[at]]),
  };
}

function systemOf({ texts, weights }: TextRidge): System {
  const { matrix, used } = compacted(matrixOf(texts));
  const arena = createArena();
  return {
    kernels: kernelsOver(arena.memory),
    arena,
    used,
    matrix: placeCsr(arena, matrix),
    weighted: placeCsr(arena, weightedTranspose(matrix, weights)),
  };
}

/** Vectors of conjugate gradients for sixteen columns of targets. */
interface Panel {
  /** [rows × panelColumns] */
  readonly image: Float32Array;
  /** [used × panelColumns] each. */
  readonly solution: Float32Array;
  readonly residual: Float32Array;
  readonly direction: Float32Array;
  readonly applied: Float32Array;
}

/** out ← (XᵀWX + λI)·direction. */
function applyInto(
  { kernels, matrix, weighted, used }: System,
  rows: number,
  lambda: number,
  { direction, image, applied }: Panel,
): void {
  kernels.multiplySparse(matrix, 0, rows, direction.byteOffset, image.byteOffset);
  kernels.multiplySparse(weighted, 0, used.length, image.byteOffset, applied.byteOffset);
  for (let at = 0; at < applied.length; at++) applied[at] += lambda * direction[at];
}

/** Solves the system for the targets in `panel.image`; they are overwritten. */
function solvePanel(system: System, rows: number, lambda: number, panel: Panel): void {
  const { solution, residual, direction, applied, image } = panel;
  system.kernels.multiplySparse(
    system.weighted,
    0,
    system.used.length,
    image.byteOffset,
    residual.byteOffset,
  );
  solution.fill(0);
  direction.set(residual);
  let square = columnDots(residual, residual, panelColumns);
  for (let step = 0; step < steps; step++) {
    applyInto(system, rows, lambda, panel);
    const curvature = columnDots(direction, applied, panelColumns);
    addColumns(solution, direction, ratios(square, curvature, 1));
    addColumns(residual, applied, ratios(square, curvature, -1));
    const next = columnDots(residual, residual, panelColumns);
    updateDirection(direction, residual, ratios(next, square, 1));
    square = next;
  }
}

/** Writes the solution of the used terms to columns [from, from + panelColumns) of a map. */
function writeSolution(
  solution: Float32Array,
  used: Uint32Array,
  { map, columns, from }: { readonly map: Float32Array; readonly columns: number; readonly from: number },
): void {
  const width = Math.min(panelColumns, columns - from);
  for (let place = 0; place < used.length; place++)
    for (let k = 0; k < width; k++)
      map[used[place] * columns + from + k] = solution[place * panelColumns + k];
}

/** Returns how often solving a regression calls `onStep`. */
export const stepsOfRidge = (columns: number): number => Math.ceil(columns / panelColumns);

/**
 * Returns the map from texts to targets that minimises Σ_rows w·|x·M - y|² + λ·|M|²: (XᵀWX + λI)·M = XᵀWY, by conjugate
 * gradients (Hestenes & Stiefel 1952) for sixteen columns of Y at once, whose vectors stay in the cache.
 * O(steps · (entries + used terms) · columns).
 *
 * @param onStep - called {@link stepsOfRidge} times; may throw to stop
 * @returns [(terms + rank) × columns]
 */
export async function solveTextRidge(ridge: TextRidge, onStep: () => Promise<void>): Promise<Float32Array> {
  const { texts, targets, columns, regularization } = ridge;
  const system = systemOf(ridge);
  const { arena, used } = system;
  const panel: Panel = {
    image: arena.float32(texts.rows * panelColumns),
    solution: arena.float32(used.length * panelColumns),
    residual: arena.float32(used.length * panelColumns),
    direction: arena.float32(used.length * panelColumns),
    applied: arena.float32(used.length * panelColumns),
  };
  const out = new Float32Array((texts.terms + texts.rank) * columns);
  for (let from = 0; from < columns; from += panelColumns) {
    readPanel(targets, columns, from, panel.image);
    solvePanel(system, texts.rows, regularization, panel);
    writeSolution(panel.solution, used, { map: out, columns, from });
    await onStep();
  }
  return out;
}
