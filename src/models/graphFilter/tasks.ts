import { panelColumns } from '../../numeric/multiplySparse';
import type { ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { type ChunkedPayload, matrixAt, takeChunks, taskOf } from '../chunkedWork';
import { strongestInto } from '../productLinks';

/** Floats of scratch a thread needs. */
export const scratchLengthOf = (users: number, products: number): number =>
  panelColumns * (users + 2 * products) + 2 * products + 2 * panelColumns;

/** The graph in memory that threads share, and where the strongest links of every product go. */
interface FilterPayload extends ChunkedPayload {
  readonly users: number;
  readonly products: number;
  /** Addresses of R, users × products, and of its transpose: see placeMatrix. */
  readonly byUser: number;
  readonly byProduct: number;
  /** float32 [products]: what each product of a history, and each link to a product, is multiplied by. */
  readonly sourceScale: number;
  readonly targetScale: number;
  /** What is taken off with each sharpening: τ over the highest eigenvalue. */
  readonly sharpening: number;
  readonly sharpeningSteps: number;
  /** Places for links of each product. */
  readonly width: number;
  /** uint32 [products], uint32 and float32 [products × width]. */
  readonly counts: number;
  readonly linkRows: number;
  readonly linkWeights: number;
}

/** Views of what a payload points at. */
interface Desk {
  readonly indptr: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
  readonly sourceScale: Float32Array;
  readonly targetScale: Float32Array;
  /** [users × panelColumns]. */
  readonly visits: Float32Array;
  /** [products × panelColumns] each: what is found so far, and one step further. */
  readonly found: Float32Array;
  readonly further: Float32Array;
  readonly row: Float32Array;
  readonly magnitudes: Float32Array;
}

function deskOf(payload: FilterPayload): Desk {
  const { users, products } = payload;
  const { buffer } = payload.memory;
  let at = payload.scratch;
  const cut = (length: number): Float32Array => {
    const array = new Float32Array(buffer, at, length);
    at += 64 * Math.ceil(length / 16);
    return array;
  };
  return {
    ...matrixAt(payload.memory, payload.byProduct, products),
    sourceScale: new Float32Array(buffer, payload.sourceScale, products),
    targetScale: new Float32Array(buffer, payload.targetScale, products),
    visits: cut(users * panelColumns),
    found: cut(products * panelColumns),
    further: cut(products * panelColumns),
    row: cut(products),
    magnitudes: cut(products),
  };
}

/** Half a step from each of the products [begin, end), one a column: to the users who like it. */
function startFrom(desk: Desk, begin: number, end: number): void {
  desk.visits.fill(0);
  for (let product = begin; product < end; product++) {
    const scale = desk.sourceScale[product];
    for (let at = desk.indptr[product]; at < desk.indptr[product + 1]; at++) {
      desk.visits[desk.indices[at] * panelColumns + product - begin] = scale * desk.values[at];
    }
  }
}

/** Columns of (I − τP)ⁿ·P·D^-p for the products [begin, end), into desk.found. */
function filter(payload: FilterPayload, desk: Desk, begin: number, end: number): void {
  const { users, products, sharpening, byUser, byProduct } = payload;
  const { multiplySparse } = kernelsOver(payload.memory);
  const { visits, found, further } = desk;
  startFrom(desk, begin, end);
  multiplySparse(byProduct, 0, products, visits.byteOffset, found.byteOffset);
  for (let step = 0; step < payload.sharpeningSteps; step++) {
    multiplySparse(byUser, 0, users, found.byteOffset, visits.byteOffset);
    multiplySparse(byProduct, 0, products, visits.byteOffset, further.byteOffset);
    for (let at = 0; at < found.length; at++) found[at] -= sharpening * further[at];
  }
}

/** Rows of M = D^-p·P·(I − τP)ⁿ·D^q without the diagonal, of each the strongest entries. */
function rows(payload: FilterPayload): void {
  const { buffer } = payload.memory;
  const { products, width } = payload;
  const desk = deskOf(payload);
  const { found, row, targetScale } = desk;
  const counts = new Uint32Array(buffer, payload.counts, products);
  const linkRows = new Uint32Array(buffer, payload.linkRows, products * width);
  const linkWeights = new Float32Array(buffer, payload.linkWeights, products * width);
  takeChunks(payload, (begin, end) => {
    filter(payload, desk, begin, end);
    for (let product = begin; product < end; product++) {
      const lane = product - begin;
      for (let other = 0, at = lane; other < products; other++, at += panelColumns) {
        row[other] = targetScale[other] * found[at];
      }
      row[product] = 0;
      const places = [product * width, (product + 1) * width] as const;
      counts[product] = strongestInto(
        row,
        desk.magnitudes,
        linkRows.subarray(...places),
        linkWeights.subarray(...places),
      );
    }
  });
}

/** What training runs on the threads of a pool. */
export const graphFilterTasks = {
  'graphFilter.rows': taskOf(rows),
} as const satisfies Record<string, ThreadTask>;
