import { type ChunkedPayload, matrixAt, takeChunks, taskOf } from '../../learning/workerGroup';
import type { ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { strongestInto } from '../productLinks';

/** Columns that are swept together: a multiple of 8, as the kernel requires. */
export const blockColumns = 128;
/** Rows that a kernel multiplies with a panel in one call. */
const queriesAtOnce = 16;
/** Rows of the panel per call: their products stay in the first two levels of cache. */
const panelRowsAtOnce = 512;

/** Returns the floats of scratch that a thread needs. */
export const scratchLengthOf = (size: number): number =>
  Math.max(queriesAtOnce * panelRowsAtOnce, (queriesAtOnce + 1) * size);

/** A matrix, in its lower triangle, and the preferences it is computed from. */
interface GramPayload extends ChunkedPayload {
  /** float32 [size × size], lower triangle. */
  readonly matrix: number;
  readonly size: number;
  readonly users: number;
  readonly products: number;
  /** Addresses of √C·X, users × products, and of its transpose: see placeMatrix. */
  readonly byUser: number;
  readonly byProduct: number;
}

/** Adds XᵀX to the lower triangle, one product's row at a time. */
function gram(payload: GramPayload): void {
  const { buffer } = payload.memory;
  const { size, users, products } = payload;
  const { indptr, indices, values } = matrixAt(payload.memory, payload.byUser, users);
  const transposed = matrixAt(payload.memory, payload.byProduct, products);
  takeChunks(payload, (begin, end) => {
    for (let product = begin; product < end; product++) {
      const row = new Float32Array(buffer, payload.matrix + 4 * product * size, product + 1);
      for (let at = transposed.indptr[product]; at < transposed.indptr[product + 1]; at++) {
        const user = transposed.indices[at];
        const own = transposed.values[at];
        for (let entry = indptr[user]; entry < indptr[user + 1] && indices[entry] <= product; entry++) {
          row[indices[entry]] += own * values[entry];
        }
      }
    }
  });
}

/** One step of the sweep: see invert.ts. */
interface SweepPayload extends ChunkedPayload {
  readonly matrix: number;
  readonly size: number;
  /** First of the columns being swept. */
  readonly first: number;
  /** float32 [blockColumns × blockColumns]: inverse of the block on the diagonal. */
  readonly inverse: number;
  /** float32 [size × blockColumns]: the columns being swept, as rows. */
  readonly panel: number;
  /** float32 [size × blockColumns]: the same times the inverse. */
  readonly product: number;
}

/** Copies the columns being swept into the panel, zeros for the block itself, and multiplies them by the inverse. */
function pack(payload: SweepPayload): void {
  const { buffer } = payload.memory;
  const { scoreRows } = kernelsOver(payload.memory);
  const { size, first } = payload;
  const matrix = new Float32Array(buffer, payload.matrix, size * size);
  const panel = new Float32Array(buffer, payload.panel, size * blockColumns);
  takeChunks(payload, (begin, end) => {
    for (let row = begin; row < end; row++) {
      const to = row * blockColumns;
      if (row >= first + blockColumns) {
        panel.set(matrix.subarray(row * size + first, row * size + first + blockColumns), to);
      } else if (row >= first) {
        panel.fill(0, to, to + blockColumns);
      } else {
        for (let column = 0; column < blockColumns; column++) {
          panel[to + column] = matrix[(first + column) * size + row];
        }
      }
    }
    const from = 4 * begin * blockColumns;
    // The inverse is symmetric: its rows are its columns.
    scoreRows(
      payload.panel + from,
      end - begin,
      payload.inverse,
      blockColumns,
      blockColumns,
      payload.product + from,
    );
  });
}

/** Subtracts product·panelᵀ from the lower triangle: almost all of the cost of a sweep. */
function update(payload: SweepPayload): void {
  const { scoreRows } = kernelsOver(payload.memory);
  const { size, scratch } = payload;
  const matrix = new Float32Array(payload.memory.buffer, payload.matrix, size * size);
  const scores = new Float32Array(payload.memory.buffer, scratch, queriesAtOnce * panelRowsAtOnce);
  const rowBytes = 4 * blockColumns;
  takeChunks(payload, (begin, end) => {
    for (let row = begin; row < end; row += queriesAtOnce) {
      const queries = Math.min(queriesAtOnce, end - row);
      const width = row + queries;
      for (let start = 0; start < width; start += panelRowsAtOnce) {
        const count = Math.min(panelRowsAtOnce, width - start);
        const from = payload.panel + start * rowBytes;
        scoreRows(payload.product + row * rowBytes, queries, from, count, blockColumns, scratch);
        for (let query = 0; query < queries; query++) {
          const to = (row + query) * size + start;
          const own = query * count;
          for (let at = 0; at < count; at++) matrix[to + at] -= scores[own + at];
        }
      }
    }
  });
}

/** The inverse, and the output arrays for the strongest links of every product. */
interface PrunePayload extends ChunkedPayload {
  /** float32 [size × size], lower triangle: −(XᵀX + Λ)⁻¹. */
  readonly matrix: number;
  readonly size: number;
  readonly products: number;
  /** float32 [products]: factor of the links to each product. */
  readonly scale: number;
  /** Maximum number of links of each product. */
  readonly width: number;
  /** uint32 [products], uint32 and float32 [products × width]. */
  readonly counts: number;
  readonly linkRows: number;
  readonly linkWeights: number;
}

/** Writes the full rows [begin, end) of the symmetric matrix into [end − begin, products]. */
function copyFullRows(
  matrix: Float32Array,
  size: number,
  begin: number,
  end: number,
  products: number,
  out: Float32Array,
): void {
  for (let row = begin; row < end; row++) {
    const to = (row - begin) * products;
    out.set(matrix.subarray(row * size, row * size + row + 1), to);
    for (let column = begin; column < row; column++)
      out[(column - begin) * products + row] = out[to + column];
  }
  for (let below = end; below < products; below++) {
    const from = below * size;
    for (let row = begin; row < end; row++) out[(row - begin) * products + below] = matrix[from + row];
  }
}

/** B_ij = P_ij·scale_j, i ≠ j, keeping the strongest links of each product i. */
function prune(payload: PrunePayload): void {
  const { buffer } = payload.memory;
  const { size, products, width } = payload;
  const matrix = new Float32Array(buffer, payload.matrix, size * size);
  const scale = new Float32Array(buffer, payload.scale, products);
  const counts = new Uint32Array(buffer, payload.counts, products);
  const linkRows = new Uint32Array(buffer, payload.linkRows, products * width);
  const linkWeights = new Float32Array(buffer, payload.linkWeights, products * width);
  const magnitudes = new Float32Array(buffer, payload.scratch, products);
  takeChunks(payload, (begin, end) => {
    const rows = new Float32Array(buffer, payload.scratch + 4 * size, (end - begin) * products);
    copyFullRows(matrix, size, begin, end, products, rows);
    for (let product = begin; product < end; product++) {
      const row = rows.subarray((product - begin) * products, (product - begin + 1) * products);
      for (let other = 0; other < products; other++) row[other] *= scale[other];
      row[product] = 0;
      const places = [product * width, (product + 1) * width] as const;
      counts[product] = strongestInto(
        row,
        magnitudes,
        linkRows.subarray(...places),
        linkWeights.subarray(...places),
      );
    }
  });
}

/** Maximum rows per chunk of `ease.prune`, limited by its scratch. */
export const prunedAtOnce = queriesAtOnce;

/** Tasks that training runs on the threads of a pool. */
export const easeTasks = {
  'ease.gram': taskOf(gram),
  'ease.pack': taskOf(pack),
  'ease.update': taskOf(update),
  'ease.prune': taskOf(prune),
} as const satisfies Record<string, ThreadTask>;
