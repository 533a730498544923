import { paddedColumns } from '../../numeric/paddedColumns';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import {
  redirectRidgeJob,
  ridgeJobLength,
  ridgeScratchLength,
  writeRidgeJob,
} from '../../numeric/wasm/ridgeJob';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { Scorer, ShopperHistory } from '../model';
import { type FoldInSettings, recentWeights } from './foldIn';
import { ridgeOf } from './side';
import type { ProductFactors } from './train';

/** Shoppers that are scored against all products in one batch. */
const shoppersAtOnce = 16;
/** Products whose scores stay in the second-level cache until they are copied out. */
const productsAtOnce = 4096;

/** The arrays of a scorer, allocated once in its own memory: a request allocates only a few views. */
interface Workspace {
  readonly arena: Arena;
  readonly kernels: Kernels;
  readonly columns: number;
  readonly products: number;
  readonly settings: FoldInSettings;
  /** [products, padded to a multiple of 4 × columns]. */
  readonly factors: Float32Array;
  /** 1/|y|; 0 for a product that no user liked, for which the model has no score. */
  readonly inverseLengths: Float32Array;
  readonly indptr: Uint32Array;
  readonly indices: Uint32Array;
  readonly values: Float32Array;
  readonly ridge: Float32Array;
  /** Factors of the shoppers of the current batch. */
  readonly shoppers: Float32Array;
  readonly scores: Float32Array;
  readonly job: Uint32Array;
  readonly scratch: Float32Array;
}

function inverseLengthsOf(factors: Float32Array, rank: number): Float32Array {
  return Float32Array.from({ length: factors.length / rank }, (_, row) => {
    let square = 0;
    for (let k = row * rank; k < (row + 1) * rank; k++) square += factors[k] * factors[k];
    return square === 0 ? 0 : 1 / Math.sqrt(square);
  });
}

function workspaceOf({ factors, gramEigenvalues }: ProductFactors, settings: FoldInSettings): Workspace {
  const rank = gramEigenvalues.length;
  const columns = paddedColumns(rank);
  const products = factors.length / rank;
  const arena = createArena();
  const padded = arena.float32(Math.ceil(products / 4) * 4 * columns);
  for (let row = 0; row < products; row++) {
    padded.set(factors.subarray(row * rank, (row + 1) * rank), row * columns);
  }
  const prior = arena.float32(columns);
  prior.set(gramEigenvalues.map(value => settings.unobservedWeight * Math.max(value, 0)));
  const workspace = {
    arena,
    kernels: kernelsOver(arena.memory),
    columns,
    products,
    settings,
    factors: padded,
    inverseLengths: inverseLengthsOf(factors, rank),
    indptr: arena.uint32(2),
    indices: arena.uint32(products),
    values: arena.float32(products),
    ridge: arena.float32(1),
    shoppers: arena.float32(shoppersAtOnce * columns),
    scores: arena.float32(shoppersAtOnce * productsAtOnce),
    job: arena.uint32(ridgeJobLength),
    scratch: arena.float32(ridgeScratchLength(columns)),
  };
  writeRidgeJob({ ...workspace, factors: padded, prior, out: workspace.shoppers }, columns, workspace.job);
  return workspace;
}

/** @throws {RangeError} when the history has not at most one entry per product of this scorer */
function checkHistory({ products }: Workspace, { productRows, weights }: ShopperHistory): void {
  if (productRows.length > products || weights.length !== productRows.length) {
    throw new RangeError(
      `Expected at most one entry per product of ${products}; got ${productRows.length} rows, ${weights.length} weights.`,
    );
  }
  for (const row of productRows) {
    if (row >= products) throw new RangeError(`Expected product rows under ${products}; got ${row}.`);
  }
}

/** Solves a shopper's factors from the history into row `place`. Returns false and writes zeros if nothing is liked. */
function foldIn(workspace: Workspace, history: ShopperHistory, place: number): boolean {
  const { indptr, indices, values, ridge, job, scratch, shoppers, columns, products, settings } = workspace;
  checkHistory(workspace, history);
  const weights = recentWeights(history, settings);
  let end = 0;
  let mass = 0;
  let isLiked = false;
  for (let entry = 0; entry < history.productRows.length; entry++) {
    const weight = weights[entry];
    if (weight === 0) continue;
    indices[end] = history.productRows[entry];
    values[end++] = weight;
    mass += Math.abs(weight);
    isLiked ||= weight > 0;
  }
  const own = shoppers.subarray(place * columns, (place + 1) * columns);
  if (!isLiked) {
    own.fill(0);
    return false;
  }
  indptr[1] = end;
  ridge[0] = ridgeOf(settings, mass, products);
  redirectRidgeJob(job, own);
  workspace.kernels.solveRows(job.byteOffset, scratch.byteOffset, 0, 1);
  return true;
}

/** Writes the scores of the workspace's first `count` shoppers for every product into rows of `out` from `first` on. */
function scoreShoppers(workspace: Workspace, count: number, first: number, out: Float32Array): void {
  const { kernels, factors, columns, products, scores, shoppers } = workspace;
  for (let start = 0; start < products; start += productsAtOnce) {
    const width = Math.min(productsAtOnce, products - start);
    const padded = Math.ceil(width / 4) * 4;
    const from = factors.byteOffset + 4 * start * columns;
    kernels.scoreRows(shoppers.byteOffset, count, from, padded, columns, scores.byteOffset);
    for (let place = 0; place < count; place++) {
      out.set(scores.subarray(place * padded, place * padded + width), (first + place) * products + start);
    }
  }
}

/** Writes NaN for a shopper without a liked product, and for products that no user liked. */
function writeNaN(workspace: Workspace, isKnown: boolean, row: Float32Array): void {
  if (!isKnown) row.fill(Number.NaN);
  for (let product = 0; product < row.length; product++) {
    if (workspace.inverseLengths[product] === 0) row[product] = Number.NaN;
  }
}

/** Writes the cosine of every product's factors with those of one product. */
function cosines(workspace: Workspace, productRow: number, out: Float32Array): void {
  const { inverseLengths, factors, shoppers, columns } = workspace;
  const own = inverseLengths[productRow];
  const from = productRow * columns;
  for (let k = 0; k < columns; k++) shoppers[k] = own * factors[from + k];
  scoreShoppers(workspace, 1, 0, out);
  for (let product = 0; product < out.length; product++) out[product] *= inverseLengths[product];
  writeNaN(workspace, own !== 0, out);
  out[productRow] = Number.NaN;
}

/**
 * Folds shoppers in from their histories (by the exact solution of training, except for recency) and scores all products. Keeps
 * the product factors in its own memory. Not to be called from two threads at once.
 */
export function collaborativeScorer(
  products: Vocabulary,
  factors: ProductFactors,
  settings: FoldInSettings,
): Scorer<'similar' | 'retrieve'> {
  const workspace = workspaceOf(factors, settings);
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (let first = 0; first < histories.length; first += shoppersAtOnce) {
        const batch = histories.slice(first, first + shoppersAtOnce);
        const isKnown = batch.map((history, place) => foldIn(workspace, history, place));
        scoreShoppers(workspace, batch.length, first, out);
        for (let place = 0; place < batch.length; place++) {
          const start = (first + place) * products.size;
          writeNaN(workspace, isKnown[place], out.subarray(start, start + products.size));
        }
      }
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      cosines(workspace, productRow, out);
    },
    vectors: {
      columns: workspace.columns,
      rows: workspace.factors.subarray(0, workspace.products * workspace.columns),
      scored: Uint8Array.from(workspace.inverseLengths, inverse => Number(inverse !== 0)),
      queryInto(history, out) {
        const isKnown = foldIn(workspace, history, 0);
        out.set(workspace.shoppers.subarray(0, workspace.columns));
        return isKnown;
      },
    },
  };
}
