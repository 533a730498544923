// Implicit alternating least squares: Hu, Koren & Volinsky 2008, "Collaborative filtering for implicit feedback
// datasets", with the loss, the regularisation and the initialisation of Rendle, Krichene, Zhang & Koren
// 2021, "Revisiting the performance of iALS on item recommendation benchmarks":
//
//   L(X, Y) = Σ_observed w_ui·(x_u·y_i - p_ui)² + α₀·Σ_all (x_u·y_i)² + Σ_u λ_u·|x_u|² + Σ_i λ_i·|y_i|²
//
// with p = 1 for liked products, p = 0 for disliked ones, and λ_r = λ·(Σ|w| + α₀·others)^ν. With Y fixed, x_u
// is a ridge regression with the prior α₀·YᵀY + λ_u·I, which is the same for all rows except for λ_u.
//
// The order of the work is new here. L does not change when X and Y are rotated by the same orthogonal Q.
// Each half of an epoch therefore first rotates the fixed side into the eigenvectors of its Gram matrix, YᵀY
// = Q·Λ·Qᵀ, Y ← Y·Q. It then solves the other side in that basis, where the prior α₀·Λ + λ_u·I is diagonal
// and its inverse is free. A row with n < d pairs is thus solved exactly in n unknowns rather than d
// (solveRidgeRows.ts has the algebra): n²d + n³/3 operations instead of nd² + d³/3. Nothing is approximated;
// on Gowalla at d = 256 an epoch takes 44 GFLOP instead of the usual 502.
//
// Rows with many pairs at a large rank (solver auto: chosen by a count of operations, rowCosts.ts) are not
// solved but improved from their previous values, in one pass over blocks of columns: iALS++,
// improveRidgeRow.ts.
//
// Deterministic for a seed and any number of threads: rows are independent, the Gram matrix is summed in a
// fixed order, and the kernels give the same bits on every machine.

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

/** Result of training. */
export interface ProductFactors {
  /** Y in the eigenvectors of YᵀY, [products × rank]. */
  readonly factors: Float32Array;
  /** Eigenvalues of YᵀY, ascending: its diagonal in that basis. [rank] */
  readonly gramEigenvalues: Float64Array;
}

/** State of a half-epoch: arrays in shared memory, allocated once. */
interface TrainingState {
  readonly workers: WorkerGroup;
  readonly config: CollaborativeConfig;
  readonly context: TrainContext;
  readonly columns: number;
  /** Which rows are solved by blocks of columns instead of exactly. */
  readonly blocks: RowBlocks;
  readonly partials: Float32Array;
  readonly transposedRotation: Float32Array;
  readonly prior: Float32Array;
  readonly job: Uint32Array;
}

/** A side and the division of its rows into chunks. */
interface PlannedSide extends Side {
  /** Address of the bounds of gramChunks chunks of equal numbers of rows: for the Gram matrix and rotations. */
  readonly bounds: number;
  /** Address of the bounds of solveChunks chunks of equal work: for solving. */
  readonly solveBounds: number;
}

/** Number of partial sums of a Gram matrix: fixed, so that the sum is the same for any number of threads. */
const gramChunks = 32;
/** Chunks of solving; enough that the threads finish at about the same time. */
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
    transposedRotation: arena.float32(columns ** 2),
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

/**
 * Runs a task over chunks on all threads.
 *
 * @throws {GatewayError} CANCELLED
 */
const runChunks = (
  { workers }: TrainingState,
  task: keyof typeof collaborativeTasks,
  chunks: number,
  rest: Readonly<Record<string, number>>,
): Promise<void> => workers.run(task, chunks, 1, rest);

/** Returns YᵀY without the padding, [rank × rank], lower triangle. */
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

/** Rotates the rows of a side that have at least `from` pairs, by the last rotation. */
function rotateSide(state: TrainingState, side: PlannedSide, from: number): Promise<void> {
  return runChunks(state, 'collaborative.rotate', gramChunks, {
    bounds: side.bounds,
    factors: side.factors.byteOffset,
    columns: state.columns,
    transposedRotation: state.transposedRotation.byteOffset,
    indptr: side.indptr.byteOffset,
    from,
  });
}

/** Rotates a side into the eigenvectors of its Gram matrix; returns the eigenvalues. */
async function diagonalize(state: TrainingState, side: PlannedSide): Promise<Float64Array> {
  const { columns, config, transposedRotation } = state;
  const { values, vectors } = eigenSymmetric(await gramOf(state, side), config.rank);
  transposedRotation.fill(0);
  for (let row = 0; row < config.rank; row++) {
    transposedRotation.set(vectors.subarray(row * config.rank, (row + 1) * config.rank), row * columns);
  }
  await rotateSide(state, side, 0);
  return values.map(value => Math.max(value, 0));
}

/**
 * Runs half an epoch: solves every row of one side against the other, exactly or by blocks. Blocks start from
 * the row's values of half an epoch before, rotated into the current basis.
 */
async function solveSide(state: TrainingState, solved: PlannedSide, fixed: PlannedSide): Promise<void> {
  const { columns, config, job, prior, blocks } = state;
  const eigenvalues = await diagonalize(state, fixed);
  if (blocks.columns > 0) await rotateSide(state, solved, blocks.from);
  prior.set(eigenvalues.map(value => config.unobservedWeight * value));
  const { indptr, indices, values, ridge, factors: out } = solved;
  const problem = { factors: fixed.factors, indptr, indices, values, prior, ridge, out };
  writeRidgeJob(problem, columns, job, blocks);
  await runChunks(state, 'collaborative.solve', solveChunks, {
    bounds: solved.solveBounds,
    job: job.byteOffset,
  });
}

/**
 * Draws initial factors: normal, so that a product's vector is about `stddev` long (Rendle et al. 2021,
 * §4.4).
 */
function drawFactors({ config, context, columns }: TrainingState, side: Side): void {
  const rng = createRng(context.seed);
  const scale = config.stddev / Math.sqrt(config.rank);
  for (let row = 0; row < side.rows; row++) {
    for (let k = 0; k < config.rank; k++) side.factors[row * columns + k] = scale * rng.gaussian();
  }
}

/** Replaces drawn factors with given ones, for rows that have any. */
function overwriteFactors({ config, columns }: TrainingState, side: Side, start: Float32Array): void {
  const { rank } = config;
  for (let row = 0; row < side.rows; row++) {
    const own = start.subarray(row * rank, (row + 1) * rank);
    if (own.some(value => value !== 0)) side.factors.set(own, row * columns);
  }
}

/** Returns the number of pairs of the longest row. */
function longestOf({ indptr, rows }: Csr): number {
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, indptr[row + 1] - indptr[row]);
  return longest;
}

/** Returns rows without the padding. */
function unpadded(factors: Float32Array, columns: number, rank: number): Float32Array {
  const rows = factors.length / columns;
  const out = new Float32Array(rows * rank);
  for (let row = 0; row < rows; row++) {
    out.set(factors.subarray(row * columns, row * columns + rank), row * rank);
  }
  return out;
}

/**
 * Learns factors of products from the users' preferences. Each epoch solves users first, so that only
 * products need initial factors. Users' factors are discarded: they can be recomputed from the products'
 * factors and a history.
 *
 * @param preferences - users × products; see withoutZeros and Side for the meaning of the weights
 * @param start - initial factors of products, [products × rank], for `warmEpochs` instead of `epochs`; rows
 * of zeros are drawn as without it. Null: all are drawn
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
