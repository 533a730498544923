import { type ChunkedPayload, takeChunks, taskOf } from '../../learning/workerGroup';
import { panelColumns } from '../../numeric/multiplySparse';
import type { ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { strongestInto } from '../productLinks';
import { type SolverWorkspace, solveColumns } from './solve';

/** Returns the floats of scratch that a thread needs to solve. */
export const solveScratchLength = (users: number, products: number): number =>
  panelColumns * (users + 4 * products) + 2 * products + 7 * panelColumns;

/** A system in memory shared by threads, and the output arrays for the strongest links to every product. */
interface SolvePayload extends ChunkedPayload {
  readonly users: number;
  readonly products: number;
  readonly byUser: number;
  readonly byProduct: number;
  /** float32 [products] each: see SolverWorkspace; factor of the links to each product. */
  readonly ridge: number;
  readonly inverseDiagonal: number;
  readonly scale: number;
  /** Maximum number of links to each product. */
  readonly width: number;
  /** uint32 [products], uint32 and float32 [products × width]. */
  readonly counts: number;
  readonly linkRows: number;
  readonly linkWeights: number;
}

/** Views of the arrays of a payload. */
interface Workspace extends SolverWorkspace {
  readonly scale: Float32Array;
  readonly column: Float32Array;
  readonly magnitudes: Float32Array;
}

function workspaceOf(payload: SolvePayload): Workspace {
  const { users, products, byUser, byProduct } = payload;
  const { buffer } = payload.memory;
  let at = payload.scratch;
  const cut = (length: number): Float32Array => {
    const array = new Float32Array(buffer, at, length);
    at += 64 * Math.ceil(length / 16);
    return array;
  };
  return {
    kernels: kernelsOver(payload.memory),
    users,
    products,
    byUser,
    byProduct,
    ridge: new Float32Array(buffer, payload.ridge, products),
    inverseDiagonal: new Float32Array(buffer, payload.inverseDiagonal, products),
    scale: new Float32Array(buffer, payload.scale, products),
    solution: cut(products * panelColumns),
    residual: cut(products * panelColumns),
    direction: cut(products * panelColumns),
    image: cut(products * panelColumns),
    visits: cut(users * panelColumns),
    column: cut(products),
    magnitudes: cut(products),
  };
}

/** B_ij = −P_ij·scale_j / P_jj, i ≠ j, keeping the strongest links to each product j. */
function solve(payload: SolvePayload): void {
  const { buffer } = payload.memory;
  const { products, width } = payload;
  const workspace = workspaceOf(payload);
  const { solution, column, magnitudes, scale } = workspace;
  const counts = new Uint32Array(buffer, payload.counts, products);
  const linkRows = new Uint32Array(buffer, payload.linkRows, products * width);
  const linkWeights = new Float32Array(buffer, payload.linkWeights, products * width);
  takeChunks(payload, (begin, end) => {
    solveColumns(workspace, begin, end);
    for (let product = begin; product < end; product++) {
      const lane = product - begin;
      const factor = -scale[product] / solution[product * panelColumns + lane];
      for (let other = 0, at = lane; other < products; other++, at += panelColumns) {
        column[other] = factor * solution[at];
      }
      column[product] = 0;
      const places = [product * width, (product + 1) * width] as const;
      counts[product] = strongestInto(
        column,
        magnitudes,
        linkRows.subarray(...places),
        linkWeights.subarray(...places),
      );
    }
  });
}

/** Tasks that training on sparse data runs on the threads of a pool. */
export const easeSolveTasks = {
  'ease.solve': taskOf(solve),
} as const satisfies Record<string, ThreadTask>;
