import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray, ArtifactHeader } from '../../artifact/artifact';
import { paddedColumns } from '../../numeric/paddedColumns';
import { createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import type { Scorer, ShopperHistory } from '../model';
import { decayedStrengthsOf } from '../productLinks';

/** The low-pass part of M as two factors: entry (i, j) is the inner product of sources[i] and targets[j]. */
export interface LowPass {
  /** Columns of both factors; 0 when the filter is left out. */
  readonly vectors: number;
  /** [products × vectors]. */
  readonly sources: Float32Array;
  /** [products × vectors]. */
  readonly targets: Float32Array;
}

/**
 * Returns the number of vectors of the filter under these settings; 0 for stored settings that predate the
 * filter.
 */
export const lowPassVectorsOf = (
  { lowPassShare = 0, lowPassVectors }: ArtifactHeader['config'],
  products: number,
): number => (Number(lowPassShare) === 0 ? 0 : Math.min(Number(lowPassVectors), products));

/** Returns the low-pass filter as entries of an artifact's arrays: none when it is left out. */
export const lowPassArrays = ({
  vectors,
  sources,
  targets,
}: LowPass): readonly (readonly [string, ArtifactArray])[] =>
  vectors === 0
    ? []
    : [
        ['lowPassSources', sources],
        ['lowPassTargets', targets],
      ];

/** Shoppers that are scored against all products in one batch. */
const shoppersAtOnce = 16;
/** Products whose scores stay in the second-level cache until they are added. */
const productsAtOnce = 4096;

/** Products of a query and their strengths. */
interface WeightedProducts {
  readonly productRows: Uint32Array;
  /** Same length as productRows. */
  readonly strengths: Float64Array;
}

/** Returns the inner product of both factors' rows for each product: the diagonal, which M excludes. */
function diagonalOf({ vectors, sources, targets }: LowPass): Float64Array {
  return Float64Array.from({ length: targets.length / vectors }, (_, product) => {
    let sum = 0;
    for (let at = product * vectors; at < (product + 1) * vectors; at++) sum += sources[at] * targets[at];
    return sum;
  });
}

/** The arrays of a scorer, allocated once in memory of the kernels. */
interface Workspace {
  readonly lowPass: LowPass;
  readonly diagonal: Float64Array;
  readonly kernels: Kernels;
  readonly columns: number;
  /** Products, padded to a multiple of 4. */
  readonly padded: number;
  readonly targets: Float32Array;
  readonly queries: Float32Array;
  readonly scores: Float32Array;
}

function workspaceOf(lowPass: LowPass): Workspace {
  const { vectors, targets } = lowPass;
  const products = targets.length / vectors;
  const columns = paddedColumns(vectors);
  const padded = 4 * Math.ceil(products / 4);
  const arena = createArena();
  const rows = arena.float32(padded * columns);
  for (let product = 0; product < products; product++) {
    rows.set(targets.subarray(product * vectors, (product + 1) * vectors), product * columns);
  }
  return {
    lowPass,
    diagonal: diagonalOf(lowPass),
    kernels: kernelsOver(arena.memory),
    columns,
    padded,
    targets: rows,
    queries: arena.float32(shoppersAtOnce * columns),
    scores: arena.float32(shoppersAtOnce * productsAtOnce),
  };
}

/** Writes Σ strength·source over the products of a query. */
function writeQuery(
  { sources, vectors }: LowPass,
  { productRows, strengths }: WeightedProducts,
  out: Float32Array,
): void {
  out.fill(0);
  for (const [entry, product] of productRows.entries()) {
    for (let k = 0; k < vectors; k++) out[k] += strengths[entry] * sources[product * vectors + k];
  }
}

/** Adds queries·targetsᵀ for `count` queries to the rows of `out`. */
function addProducts(workspace: Workspace, count: number, out: Float32Array): void {
  const { kernels, columns, padded, queries, targets, scores } = workspace;
  const products = out.length / count;
  for (let start = 0; start < products; start += productsAtOnce) {
    const block = Math.min(productsAtOnce, padded - start);
    const from = targets.byteOffset + 4 * start * columns;
    kernels.scoreRows(queries.byteOffset, count, from, block, columns, scores.byteOffset);
    const end = Math.min(start + block, products);
    for (let query = 0; query < count; query++) {
      const shift = query * block - start;
      for (let product = start; product < end; product++) {
        out[query * products + product] += scores[shift + product];
      }
    }
  }
}

/** Adds the filter's scores to at most shoppersAtOnce rows; a product adds nothing to its own score. */
function addLowPass(workspace: Workspace, queries: readonly WeightedProducts[], out: Float32Array): void {
  const products = out.length / queries.length;
  for (const [query, weightedProducts] of queries.entries()) {
    writeQuery(
      workspace.lowPass,
      weightedProducts,
      workspace.queries.subarray(query * workspace.columns, (query + 1) * workspace.columns),
    );
  }
  addProducts(workspace, queries.length, out);
  for (const [query, { productRows, strengths }] of queries.entries()) {
    for (const [entry, product] of productRows.entries()) {
      out[query * products + product] -= strengths[entry] * workspace.diagonal[product];
    }
  }
}

/**
 * Returns the scorer of the links with the artifact's low-pass filter added, or the same scorer when there is
 * no filter. Costs (history + products) × vectors more per request. Not to be called from two threads at
 * once.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function withLowPass(artifact: Artifact, links: Scorer<'similar'>): Scorer<'similar'> {
  const { products } = links;
  const vectors = lowPassVectorsOf(artifact.header.config, products.size);
  if (vectors === 0) return links;
  const factorsOf = (name: string): Float32Array =>
    arrayOf(artifact, name, Float32Array, products.size * vectors);
  const lowPass = { vectors, sources: factorsOf('lowPassSources'), targets: factorsOf('lowPassTargets') };
  const workspace = workspaceOf(lowPass);
  const [historyDecay] = arrayOf(artifact, 'historyDecay', Float64Array, 1);
  const weightedProductsOf = (history: ShopperHistory): WeightedProducts => ({
    productRows: history.productRows,
    strengths: decayedStrengthsOf(history, historyDecay),
  });
  return {
    products,
    scoreInto(histories, out) {
      links.scoreInto(histories, out);
      for (let start = 0; start < histories.length; start += shoppersAtOnce) {
        const some = histories.slice(start, start + shoppersAtOnce);
        const rows = out.subarray(start * products.size, (start + some.length) * products.size);
        addLowPass(workspace, some.map(weightedProductsOf), rows);
      }
    },
    similarInto(productRow, out) {
      links.similarInto(productRow, out);
      addLowPass(
        workspace,
        [{ productRows: Uint32Array.of(productRow), strengths: Float64Array.of(1) }],
        out,
      );
    },
  };
}
