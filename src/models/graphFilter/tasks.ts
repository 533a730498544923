import { type ChunkedPayload, matrixAt, takeChunks, taskOf } from '../../learning/workerGroup';
import { panelColumns } from '../../numeric/multiplySparse';
import type { ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { strongestInto } from '../productLinks';

/** Returns the floats of scratch that a thread needs. */
export const scratchLengthOf = (users: number, products: number): number =>
  panelColumns * (users + 3 * products) + 2 * products + 2 * panelColumns;

/** The graph in memory shared by threads, and its sharpening settings. */
interface GraphPayload extends ChunkedPayload {
  readonly users: number;
  readonly products: number;
  /** Addresses of R, users × products, and of its transpose: see placeMatrix. */
  readonly byUser: number;
  readonly byProduct: number;
  /** Factor of a subtracted step: τ over the highest eigenvalue. */
  readonly sharpening: number;
  readonly sharpeningSteps: number;
  readonly sharpeningOrder: number;
}

/** Adds the output arrays for the strongest links of every product. */
interface FilterPayload extends GraphPayload {
  /** float32 [products] each: factor of each history product, and of the links to each product. */
  readonly sourceScale: number;
  readonly targetScale: number;
  /** Maximum number of links of each product. */
  readonly width: number;
  /** uint32 [products], uint32 and float32 [products × width]. */
  readonly counts: number;
  readonly linkRows: number;
  readonly linkWeights: number;
}

/** The low-pass filter's factors, sharpened in place. */
interface LowPassPayload extends GraphPayload {
  /** float32 [products × vectors]. */
  readonly factors: number;
  readonly vectors: number;
}

/** Views of the scratch of a thread. */
interface Workspace {
  /** [users × panelColumns]. */
  readonly visits: Float32Array;
  /**
   * [products × panelColumns] each: the current values, one further step, and the values at the start of a
   * sharpening step.
   */
  readonly found: Float32Array;
  readonly further: Float32Array;
  readonly blurred: Float32Array;
  readonly row: Float32Array;
  readonly magnitudes: Float32Array;
}

function workspaceOf(payload: GraphPayload): Workspace {
  const { users, products } = payload;
  const { buffer } = payload.memory;
  let at = payload.scratch;
  const cut = (length: number): Float32Array => {
    const array = new Float32Array(buffer, at, length);
    at += 64 * Math.ceil(length / 16);
    return array;
  };
  return {
    visits: cut(users * panelColumns),
    found: cut(products * panelColumns),
    further: cut(products * panelColumns),
    blurred: cut(products * panelColumns),
    row: cut(products),
    magnitudes: cut(products),
  };
}

/** Half a step from each of the products [begin, end), one per column, to the users who like it. */
function startFrom(payload: FilterPayload, { visits }: Workspace, begin: number, end: number): void {
  const { indptr, indices, values } = matrixAt(payload.memory, payload.byProduct, payload.products);
  const sourceScale = new Float32Array(payload.memory.buffer, payload.sourceScale, payload.products);
  visits.fill(0);
  for (let product = begin; product < end; product++) {
    const scale = sourceScale[product];
    for (let at = indptr[product]; at < indptr[product + 1]; at++) {
      visits[indices[at] * panelColumns + product - begin] = scale * values[at];
    }
  }
}

/** workspace.found ← (Σⱼ (−τP)ʲ/j!)ⁿ·workspace.found, j from 0 to the order: Runge–Kutta steps of ds/dt = −P·s, by Horner's rule. */
function sharpen(payload: GraphPayload, { visits, found, further, blurred }: Workspace): void {
  const { users, products, byUser, byProduct } = payload;
  const { multiplySparse } = kernelsOver(payload.memory);
  for (let step = 0; step < payload.sharpeningSteps; step++) {
    blurred.set(found);
    for (let order = payload.sharpeningOrder; order > 0; order--) {
      multiplySparse(byUser, 0, users, found.byteOffset, visits.byteOffset);
      multiplySparse(byProduct, 0, products, visits.byteOffset, further.byteOffset);
      const share = payload.sharpening / order;
      for (let at = 0; at < found.length; at++) found[at] = blurred[at] - share * further[at];
    }
  }
}

/** Writes the strongest entries of each row of D^-p·P·S(τP)ⁿ·D^q, without the diagonal. */
function rows(payload: FilterPayload): void {
  const { buffer } = payload.memory;
  const { products, width } = payload;
  const { multiplySparse } = kernelsOver(payload.memory);
  const workspace = workspaceOf(payload);
  const { found, row } = workspace;
  const targetScale = new Float32Array(buffer, payload.targetScale, products);
  const counts = new Uint32Array(buffer, payload.counts, products);
  const linkRows = new Uint32Array(buffer, payload.linkRows, products * width);
  const linkWeights = new Float32Array(buffer, payload.linkWeights, products * width);
  takeChunks(payload, (begin, end) => {
    startFrom(payload, workspace, begin, end);
    multiplySparse(payload.byProduct, 0, products, workspace.visits.byteOffset, found.byteOffset);
    sharpen(payload, workspace);
    for (let product = begin; product < end; product++) {
      const lane = product - begin;
      for (let other = 0, at = lane; other < products; other++, at += panelColumns) {
        row[other] = targetScale[other] * found[at];
      }
      row[product] = 0;
      const places = [product * width, (product + 1) * width] as const;
      counts[product] = strongestInto(
        row,
        workspace.magnitudes,
        linkRows.subarray(...places),
        linkWeights.subarray(...places),
      );
    }
  });
}

/** Sharpens the columns [begin, end) of the low-pass filter's factors, at most panelColumns at once. */
function lowPass(payload: LowPassPayload): void {
  const { products, vectors } = payload;
  const factors = new Float32Array(payload.memory.buffer, payload.factors, products * vectors);
  const workspace = workspaceOf(payload);
  takeChunks(payload, (begin, end) => {
    const { found } = workspace;
    found.fill(0);
    for (let product = 0; product < products; product++) {
      const own = factors.subarray(product * vectors + begin, product * vectors + end);
      found.set(own, product * panelColumns);
    }
    sharpen(payload, workspace);
    for (let product = 0; product < products; product++) {
      const own = found.subarray(product * panelColumns, product * panelColumns + end - begin);
      factors.set(own, product * vectors + begin);
    }
  });
}

/** Tasks that training runs on the threads of a pool. */
export const graphFilterTasks = {
  'graphFilter.lowPass': taskOf(lowPass),
  'graphFilter.rows': taskOf(rows),
} as const satisfies Record<string, ThreadTask>;
