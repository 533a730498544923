// Implicit alternating least squares: Hu, Koren & Volinsky 2008, "Collaborative filtering for implicit feedback
// datasets", with the loss, the regularisation and the start of Rendle, Krichene, Zhang & Koren 2021, "Revisiting the
// performance of iALS on item recommendation benchmarks":
//
//   L(X, Y) = Σ_observed w_ui·(x_u·y_i - p_ui)² + α₀·Σ_all (x_u·y_i)² + Σ_u λ_u·|x_u|² + Σ_i λ_i·|y_i|²
//
// with p = 1 for what is liked, p = 0 for what is disliked, and λ_r = λ·(Σ|w| + α₀·others)^ν. With Y fixed, x_u is a
// ridge regression with the prior α₀·YᵀY + λ_u·I, the same but for λ_u in all rows.
//
// What is new here is the order of the work. L does not change when X and Y are turned by one orthogonal Q. So each half
// of an epoch first turns the fixed side into the eigenvectors of its Gram matrix, YᵀY = Q·Λ·Qᵀ, Y ← Y·Q, and solves the
// other side in that basis, where the prior α₀·Λ + λ_u·I is diagonal. Its inverse is then free, so that a row with n < d
// pairs is solved exactly in n unknowns rather than d (solveRidgeRows.ts has the algebra): n²d + n³/3 operations for
// nd² + d³/3. Nothing is approximated; on Gowalla at d = 256 an epoch is 44 GFLOP for the usual 502.
//
// Rows with many pairs at a large rank (solver auto: where a count of operations says so, rowCosts.ts) are not solved but
// improved from where they were, one pass over blocks of columns: iALS++, improveRidgeRow.ts.
//
// Deterministic for a seed, whatever the number of threads: rows are independent, the Gram matrix is summed in a fixed
// order, and the kernels give the same bits on every machine.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { createWorkerGroup, place, type WorkerGroup } from '../../learning/workerGroup';
import type { Csr } from '../../numeric/csr';
import { transposeCsr } from '../../numeric/csr';
import { eigenSymmetric } from '../../numeric/eigenSymmetric';
import { paddedColumns } from '../../numeric/paddedColumns';
import { pause } from '../../numeric/pause';
import { createRng } from '../../numeric/rng';
import { createArena } from '../../numeric/wasm/arena';
import {
  type RowBlocks,
  ridgeJobLength,
  ridgeScratchLength,
  writeRidgeJob,
} from '../../numeric/wasm/ridgeJob';
import { chunksByCost, equalChunks } from './chunks';
import { rowBlocksOf } from './rowCosts';
import type { CollaborativeConfig } from './settings';
import { type Side, sideOf, withoutZeros } from './side';
import type { collaborativeTasks } from './tasks';

/** What training gives. */
export interface ProductFactors {
  /** Y in the eigenvectors of YᵀY, [products × rank]. */
  readonly factors: Float32Array;
  /** Eigenvalues of YᵀY, ascending: its diagonal in that basis. [rank] */
  readonly gramEigenvalues: Float64Array;
}

/** Everything a half of an epoch works with: arrays in shared memory, made once. */
interface TrainingState {
  readonly workers: WorkerGroup;
  readonly config: CollaborativeConfig;
  readonly context: TrainContext;
  readonly columns: number;
  /** Which rows go through blocks of columns rather than being solved. */
  readonly blocks: RowBlocks;
  readonly partials: Float32Array;
  readonly turned: Float32Array;
  readonly prior: Float32Array;
  readonly job: Uint32Array;
}

/** A side and how its rows are shared out. */
interface PlannedSide extends Side {
  /** Address of the bounds of gramChunks chunks of equal numbers of rows: for the Gram matrix and rotations. */
  readonly bounds: number;
  /** Address of the bounds of solveChunks chunks of equal work: for solving. */
  readonly solveBounds: number;
}

/** Partial sums of a Gram matrix: fixed, so that they add up alike on any number of threads. */
const gramChunks = 32;
/** Shares of the solving; enough that the last one to end costs the others little. */
const solveChunks = 128;

/** @param longest - pairs of the longest row of either side */
function trainingStateOf(config: CollaborativeConfig, context: TrainContext, longest: number): TrainingState {
  const arena = createArena();
  const columns = paddedColumns(config.rank);
  const blocks = rowBlocksOf(config, columns, Math.min(paddedColumns(config.blockSize), columns));
  const scratchLength = ridgeScratchLength(columns, blocks.columns, longest);
  return {
    workers: createWorkerGroup(arena, context, scratchLength),
    config,
    context,
    columns,
    blocks,
    partials: arena.float32(gramChunks * columns ** 2),
    turned: arena.float32(columns ** 2),
    prior: arena.float32(columns),
    job: arena.uint32(ridgeJobLength),
  };
}

function plannedSideOf({ workers, config, columns, blocks }: TrainingState, preferences: Csr): PlannedSide {
  const side = sideOf(workers.arena, preferences, config);
  return {
    ...side,
    bounds: place(workers, equalChunks(side.rows, gramChunks)),
    solveBounds: place(workers, chunksByCost(side.indptr, columns, blocks, solveChunks)),
  };
}

/** Runs a task over chunks on all threads. @throws {GatewayError} CANCELLED */
const runChunks = (
  { workers }: TrainingState,
  task: keyof typeof collaborativeTasks,
  chunks: number,
  rest: Readonly<Record<string, number>>,
): Promise<void> => workers.run(task, chunks, 1, rest);

/** YᵀY without the padding, [rank × rank], lower triangle. */
async function gramOf(state: TrainingState, side: PlannedSide): Promise<Float64Array> {
  const { columns, config, partials } = state;
  partials.fill(0);
  await runChunks(state, 'collaborative.gram', gramChunks, {
    bounds: side.bounds,
    factors: side.factors.byteOffset,
    columns,
    partials: partials.byteOffset,
  });
  const gram = new Float64Array(config.rank ** 2);
  for (let start = 0; start < partials.length; start += columns ** 2) {
    for (let row = 0; row < config.rank; row++) {
      for (let column = 0; column <= row; column++) {
        gram[row * config.rank + column] += partials[start + row * columns + column];
      }
    }
  }
  return gram;
}

/** Turns those rows of a side that have so many pairs or more as the basis was turned last. */
function turnRows(state: TrainingState, side: PlannedSide, from: number): Promise<void> {
  return runChunks(state, 'collaborative.rotate', gramChunks, {
    bounds: side.bounds,
    factors: side.factors.byteOffset,
    columns: state.columns,
    turned: state.turned.byteOffset,
    indptr: side.indptr.byteOffset,
    from,
  });
}

/** Turns a side into the eigenvectors of its Gram matrix; answers the eigenvalues. */
async function diagonalize(state: TrainingState, side: PlannedSide): Promise<Float64Array> {
  const { columns, config, turned } = state;
  const { values, vectors } = eigenSymmetric(await gramOf(state, side), config.rank);
  turned.fill(0);
  for (let row = 0; row < config.rank; row++) {
    turned.set(vectors.subarray(row * config.rank, (row + 1) * config.rank), row * columns);
  }
  await turnRows(state, side, 0);
  return values.map(value => Math.max(value, 0));
}

/**
 * Half an epoch: solves every row of one side against the other, or takes it through blocks: from where it was half an
 * epoch before, told in the basis of now.
 */
async function solveSide(state: TrainingState, solved: PlannedSide, fixed: PlannedSide): Promise<void> {
  const { columns, config, job, prior, blocks } = state;
  const eigenvalues = await diagonalize(state, fixed);
  if (blocks.columns > 0) await turnRows(state, solved, blocks.from);
  prior.set(eigenvalues.map(value => config.unobservedWeight * value));
  const { indptr, indices, values, ridge, factors: out } = solved;
  const problem = { factors: fixed.factors, indptr, indices, values, prior, ridge, out };
  writeRidgeJob(problem, columns, job, blocks);
  await runChunks(state, 'collaborative.solve', solveChunks, {
    bounds: solved.solveBounds,
    job: job.byteOffset,
  });
}

/** First factors: normal, so that a product's vector is about `stddev` long (Rendle et al. 2021, §4.4). */
function drawFactors({ config, context, columns }: TrainingState, side: Side): void {
  const rng = createRng(context.seed);
  const scale = config.stddev / Math.sqrt(config.rank);
  for (let row = 0; row < side.rows; row++) {
    for (let k = 0; k < config.rank; k++) side.factors[row * columns + k] = scale * rng.gaussian();
  }
}

/** Puts factors in the place of drawn ones, where there are any. */
function overwriteFactors({ config, columns }: TrainingState, side: Side, start: Float32Array): void {
  const { rank } = config;
  for (let row = 0; row < side.rows; row++) {
    const own = start.subarray(row * rank, (row + 1) * rank);
    if (own.some(value => value !== 0)) side.factors.set(own, row * columns);
  }
}

/** Pairs of the longest row. */
function longestOf({ indptr, rows }: Csr): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, indptr[row + 1] - indptr[row]);
  return longest;
}

/** Rows without the padding. */
function unpadded(factors: Float32Array, columns: number, rank: number): Float32Array {
  const rows = factors.length / columns;
  const out = new Float32Array(rows * rank);
  for (let row = 0; row < rows; row++) {
    out.set(factors.subarray(row * columns, row * columns + rank), row * rank);
  }
  return out;
}

/**
 * Learns factors of products from what users think of them. Users are solved first in each epoch, so that only products
 * need a start. Users' own factors are thrown away: they can be had again from the products' and a history.
 *
 * @param preferences - users × products; see withoutZeros and Side for what the weights mean
 * @param start - factors of products to start from, [products × rank], for `warmEpochs` instead of `epochs`; rows of
 * zeros are drawn as without it. Null: all are drawn
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when the pairs and factors take more than 4 GiB
 */
export async function trainFactors(
  preferences: Csr,
  config: CollaborativeConfig,
  context: TrainContext,
  start: Float32Array | null = null,
): Promise<ProductFactors> {
  checkCancelled(context);
  const byUser = withoutZeros(preferences);
  const byProduct = transposeCsr(byUser);
  const state = trainingStateOf(config, context, Math.max(longestOf(byUser), longestOf(byProduct)));
  try {
    const users = plannedSideOf(state, byUser);
    const products = plannedSideOf(state, byProduct);
    drawFactors(state, products);
    if (start) overwriteFactors(state, products, start);
    const epochs = start ? config.warmEpochs : config.epochs;
    for (let epoch = 0; epoch < epochs; epoch++) {
      await solveSide(state, users, products);
      context.onProgress(2 * epoch + 1, 2 * epochs);
      await pause();
      await solveSide(state, products, users);
      context.onProgress(2 * epoch + 2, 2 * epochs);
      await pause();
    }
    const gramEigenvalues = await diagonalize(state, products);
    return { factors: unpadded(products.factors, state.columns, config.rank), gramEigenvalues };
  } finally {
    state.workers.dismiss();
  }
}
