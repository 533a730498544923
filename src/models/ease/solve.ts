// Columns of (XᵀCX + Λ)⁻¹ by conjugate gradients (Hestenes & Stiefel 1952), sixteen at a time. The matrix is
// never formed, only multiplied with; X is sparse. Needed for catalogues too large for products² numbers, and
// cheaper where the data are sparse. Preconditioned with the diagonal. Takes about √(condition) steps; a
// ridge keeps the condition low.

import { panelColumns } from '../../numeric/multiplySparse';
import type { Kernels } from '../../numeric/wasm/kernels';

/** A linear system and scratch to solve it; arrays are in the kernels' memory. */
export interface SolverWorkspace {
  readonly kernels: Pick<Kernels, 'multiplySparse'>;
  readonly users: number;
  readonly products: number;
  /** Addresses of √C·X by user and by product, in the format of multiplySparse. */
  readonly byUser: number;
  readonly byProduct: number;
  /** [products]: Λ. */
  readonly ridge: Float32Array;
  /** [products]: reciprocal of the diagonal of XᵀCX + Λ. */
  readonly inverseDiagonal: Float32Array;
  /** [products × panelColumns] each: solution, residual, direction, and the direction times the matrix. */
  readonly solution: Float32Array;
  readonly residual: Float32Array;
  readonly direction: Float32Array;
  readonly image: Float32Array;
  /** [users × panelColumns]. */
  readonly visits: Float32Array;
}

/** A column is solved when its preconditioned squared residual falls below this share of the first. */
const tolerance = 1e-7;
/** Maximum number of steps; the solution so far is then used. */
const maxSteps = 400;

/** image ← (XᵀCX + Λ)·direction; writes direction·image of every column to `out`. */
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

/** Moves along the direction; writes the preconditioned squared residual of every column to `out`. */
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
function updateDirection(workspace: SolverWorkspace, shares: Float64Array): void {
  const { products, inverseDiagonal, residual, direction } = workspace;
  for (let product = 0, at = 0; product < products; product++) {
    const scale = inverseDiagonal[product];
    for (let lane = 0; lane < panelColumns; lane++, at++) {
      direction[at] = scale * residual[at] + shares[lane] * direction[at];
    }
  }
}

/**
 * Solves for unit vectors of the products [begin, end), at most panelColumns, one per column, into
 * workspace.solution; further columns are zeros. The result does not depend on earlier calls.
 */
export function solveColumns(workspace: SolverWorkspace, begin: number, end: number): void {
  const squares = new Float64Array(panelColumns);
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
  squares.set(first);
  for (let step = 0; step < maxSteps; step++) {
    multiply(workspace, curvature);
    // A column that is solved or unused stays unchanged.
    for (let lane = 0; lane < panelColumns; lane++) {
      ratio[lane] = squares[lane] > tolerance * first[lane] ? squares[lane] / curvature[lane] : 0;
    }
    if (ratio.every(length => length === 0)) return;
    const before = squares.slice();
    advance(workspace, ratio, squares);
    for (let lane = 0; lane < panelColumns; lane++)
      ratio[lane] = before[lane] > 0 ? squares[lane] / before[lane] : 0;
    updateDirection(workspace, ratio);
  }
}
