// EASE^R: Steck 2019, "Embarrassingly shallow autoencoders for sparse data". Of all matrices B with a zero
// diagonal, the one that best predicts what users like from the other products they like:
//
//   min Σ_u c_u·|x_u − x_u·B|² + Σ_i λ_i·|B_i|²,   B_ii = 0        (eq. 1–2; there c = 1 and λ_i = λ)
//   P = (XᵀCX + Λ)⁻¹,   B_ij = −P_ij / P_jj, i ≠ j                 (eq. 8)
//
// with x > 0 for liked products and < 0 for disliked ones, c_u = W_u^-δ, and λ_i = λ·(XᵀCX)_ii^ν. There are
// no epochs and no seed, and the result is the same for any number of threads. The cheaper of two ways to the
// same P is used: the whole inverse (invert.ts: products³), or its columns one by one (solve.ts: products ·
// pairs · steps), which needs no products² of memory.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { createWorkerGroup, place, placeMatrix, type WorkerGroup } from '../../learning/workerGroup';
import { type Csr, transposeCsr } from '../../numeric/csr';
import { panelColumns } from '../../numeric/multiplySparse';
import { createArena } from '../../numeric/wasm/arena';
import { linksFrom, type ProductLinks, popularityOf } from '../productLinks';
import { invertNegated, paddedSize } from './invert';
import type { EaseConfig } from './settings';
import { solveScratchLength } from './solveTasks';
import { prunedAtOnce, scratchLengthOf } from './tasks';
import { type Problem, problemOf } from './weigh';

/** Rows of the Gram matrix that a thread computes at once. */
const gramRowsAtOnce = 64;
/** Maximum number of products for inversion; with more, the inverse would take over 2.3 GB. */
const maxInvertedProducts = 24_000;
/**
 * Products per pair at which solving costs as much as inverting (by a count of operations, not measured:
 * docs/models/ease.md).
 */
const sparseRatio = 400;

/** The way to compute P. */
export type EaseWay = 'invert' | 'solve';

/** Returns the cheaper way. */
export function cheaperWay({ columns, indices }: Csr): EaseWay {
  return columns > maxInvertedProducts || columns ** 2 > sparseRatio * indices.length ? 'solve' : 'invert';
}

/** Allocates arrays for the strongest links of every product. */
function linkArraysFor({ arena }: WorkerGroup, products: number, links: number) {
  const width = Math.min(links, products);
  const counts = arena.uint32(products);
  const rows = arena.uint32(products * width);
  const weights = arena.float32(products * width);
  const addresses = {
    width,
    counts: counts.byteOffset,
    linkRows: rows.byteOffset,
    linkWeights: weights.byteOffset,
  };
  return { counts, rows, weights, addresses };
}

/** Writes XᵀCX + Λ into the lower triangle, and the identity beyond the products. */
async function fillGram(
  workers: WorkerGroup,
  matrix: Float32Array,
  size: number,
  problem: Problem,
): Promise<void> {
  const { byUser, byProduct, ridge } = problem;
  await workers.run('ease.gram', byUser.columns, gramRowsAtOnce, {
    matrix: matrix.byteOffset,
    size,
    users: byUser.rows,
    products: byUser.columns,
    byUser: placeMatrix(workers, byUser),
    byProduct: placeMatrix(workers, byProduct),
  });
  for (let product = 0; product < size; product++) matrix[product * (size + 1)] += ridge[product] ?? 1;
}

async function invertedLinks(
  problem: Problem,
  config: EaseConfig,
  context: TrainContext,
  popularity: Float32Array,
): Promise<ProductLinks> {
  const products = popularity.length;
  const size = paddedSize(products);
  const workers = createWorkerGroup(createArena(), context, scratchLengthOf(size));
  try {
    const matrix = workers.arena.float32(size * size);
    await fillGram(workers, matrix, size, problem);
    await invertNegated(workers, matrix, size, context.onProgress);
    // Rows hold −P_i; dividing by P_jj gives links.
    const scale = problem.scale.map((power, product) => power / -matrix[product * (size + 1)]);
    const places = linkArraysFor(workers, products, config.links);
    await workers.run('ease.prune', products, prunedAtOnce, {
      ...places.addresses,
      matrix: matrix.byteOffset,
      size,
      products,
      scale: place(workers, scale),
    });
    return linksFrom(places.counts, places.rows, places.weights, popularity);
  } finally {
    workers.dismiss();
  }
}

/** Converts links grouped by target product to links grouped by source product. */
function linksFromTargets({ offsets, rows, weights, popularity }: ProductLinks): ProductLinks {
  const size = popularity.length;
  const bySource = transposeCsr({
    rows: size,
    columns: size,
    indptr: offsets,
    indices: rows,
    values: weights,
  });
  return { offsets: bySource.indptr, rows: bySource.indices, weights: bySource.values, popularity };
}

async function solvedLinks(
  problem: Problem,
  config: EaseConfig,
  context: TrainContext,
  popularity: Float32Array,
): Promise<ProductLinks> {
  const { byUser, byProduct, known, ridge } = problem;
  const products = popularity.length;
  const workers = createWorkerGroup(createArena(), context, solveScratchLength(byUser.rows, products));
  try {
    const places = linkArraysFor(workers, products, config.links);
    await workers.runInSlices('ease.solve', products, panelColumns, {
      ...places.addresses,
      users: byUser.rows,
      products,
      byUser: placeMatrix(workers, byUser),
      byProduct: placeMatrix(workers, byProduct),
      ridge: place(workers, ridge),
      inverseDiagonal: place(
        workers,
        ridge.map((value, product) => 1 / (value + known[product])),
      ),
      scale: place(workers, problem.scale),
    });
    return linksFromTargets(linksFrom(places.counts, places.rows, places.weights, popularity));
  } finally {
    workers.dismiss();
  }
}

/**
 * Learns links between products.
 *
 * @param strengths - users × products: > 0 liked, < 0 disliked; no zeros
 * @param way - both give the same links, but of the limited number kept, 'invert' keeps the strongest from
 * each product and 'solve' the strongest to each
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when the arrays take more than 4 GiB
 */
export function trainLinks(
  strengths: Csr,
  config: EaseConfig,
  context: TrainContext,
  way: EaseWay = cheaperWay(strengths),
): Promise<ProductLinks> {
  checkCancelled(context);
  const train = way === 'invert' ? invertedLinks : solvedLinks;
  return train(problemOf(strengths, config), config, context, popularityOf(strengths));
}
