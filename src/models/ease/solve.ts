// Columns of (XᵀCX + Λ)⁻¹ by conjugate gradients (Hestenes & Stiefel 1952), sixteen at a time: the matrix is never made,
// only multiplied with, X sparse. What a catalogue too large for products² needs, and what is cheaper wherever the data are
// sparse. Preconditioned with the diagonal; it takes some √(condition) steps, and a ridge keeps that low.

import { panelColumns } from '../../numeric/multiplySparse';
import type { Kernels } from '../../numeric/wasm/kernels';

/** A system, and room to solve it in; arrays are in the kernels' memory. */
export interface SolverWorkspace {
  readonly kernels: Pick<Kernels, 'multiplySparse'>;
  readonly users: number;
  readonly products: number;
  /** Addresses, as multiplySparse wants them, of √C·X by user and by product. */
  readonly byUser: number;
  readonly byProduct: number;
  /** [products]: Λ. */
  readonly ridge: Float32Array;
  /** [products]: one over the diagonal of XᵀCX + Λ. */
  readonly inverseDiagonal: Float32Array;
  /** [products × panelColumns] each: the solution, what is left of the right side, the direction, its image. */
  readonly solution: Float32Array;
  readonly residual: Float32Array;
  readonly direction: Float32Array;
  readonly image: Float32Array;
  /** [users × panelColumns]. */
  readonly visits: Float32Array;
}

/** What is left of the right side, squared and preconditioned, when a column counts as solved. */
const tolerance = 1e-7;
/** Steps after which the best so far has to do. */
const mostSteps = 400;

/** image ← (XᵀCX + Λ)·direction; answers direction·image of every column. */
function multiply(workspace: SolverWorkspace, out: Float64Array): void {
  const { kernels, users, products, byUser, byProduct, ridge, direction, image, visits } = workspace;
  kernels.multiplySparse(byUser, 0, users, direction.byteOffset, visits.byteOffset);
  kernels.multiplySparse(byProduct, 0, products, visits.byteOffset, image.byteOffset);
  out.fill(0);
  for (let product = 0, at = 0; product < products; product++) {
    const added = ridge[product];
    for (let lane = 0; lane < panelColumns; lane++, at++) {
      image[at] += added * direction[at];
      out[lane] += direction[at] * image[at];
    }
  }
}

/** Goes along the direction; answers the preconditioned square of what is left of every column. */
function advance(workspace: SolverWorkspace, lengths: Float64Array, out: Float64Array): void {
  const { products, inverseDiagonal, solution, residual, direction, image } = workspace;
  out.fill(0);
  for (let product = 0, at = 0; product < products; product++) {
    const scale = inverseDiagonal[product];
    for (let lane = 0; lane < panelColumns; lane++, at++) {
      solution[at] += lengths[lane] * direction[at];
      residual[at] -= lengths[lane] * image[at];
      out[lane] += scale * residual[at] * residual[at];
    }
  }
}

/** direction ← preconditioned residual + share·direction. */
function turn(workspace: SolverWorkspace, shares: Float64Array): void {
  const { products, inverseDiagonal, residual, direction } = workspace;
  for (let product = 0, at = 0; product < products; product++) {
    const scale = inverseDiagonal[product];
    for (let lane = 0; lane < panelColumns; lane++, at++) {
      direction[at] = scale * residual[at] + shares[lane] * direction[at];
    }
  }
}

/**
 * Solves for unit vectors of the products [begin, end), at most panelColumns, one a column, into workspace.solution; further
 * columns are zeros. The same bits whatever is solved before.
 */
export function solveColumns(workspace: SolverWorkspace, begin: number, end: number): void {
  const left = new Float64Array(panelColumns);
  const first = new Float64Array(panelColumns);
  const curvature = new Float64Array(panelColumns);
  const ratio = new Float64Array(panelColumns);
  workspace.solution.fill(0);
  workspace.residual.fill(0);
  workspace.direction.fill(0);
  for (let product = begin; product < end; product++) {
    const at = product * panelColumns + product - begin;
    workspace.residual[at] = 1;
    workspace.direction[at] = workspace.inverseDiagonal[product];
    first[product - begin] = workspace.inverseDiagonal[product];
  }
  left.set(first);
  for (let step = 0; step < mostSteps; step++) {
    multiply(workspace, curvature);
    // A column that is solved, or is none, stays where it is.
    for (let lane = 0; lane < panelColumns; lane++) {
      ratio[lane] = left[lane] > tolerance * first[lane] ? left[lane] / curvature[lane] : 0;
    }
    if (ratio.every(length => length === 0)) return;
    const before = left.slice();
    advance(workspace, ratio, left);
    for (let lane = 0; lane < panelColumns; lane++)
      ratio[lane] = before[lane] > 0 ? left[lane] / before[lane] : 0;
    turn(workspace, ratio);
  }
}
