// Biased matrix factorisation of stars: r ≈ μ + b_u + b_i + p_u·q_i (Koren, Bell & Volinsky 2009, "Matrix
// factorization techniques for recommender systems", eq. 4), by variational Bayes, which needs no
// regularisation setting (posterior.ts). A row is d factors and a bias. For a user's row, the regressors are
// a product's factors and 1, and μ + b_i is subtracted from the stars. A product's row is solved in the same
// way. σ² and the prior variances are learned too.
//
// O(opinions·d² + rows·d³) per epoch, in one thread with float64 sums: the same bytes on every machine.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { type Csr, transposeCsr } from '../../numeric/csr';
import { pause } from '../../numeric/pause';
import { createRng } from '../../numeric/rng';
import type { Opinions } from './opinions';
import {
  addEntry,
  type Beliefs,
  type Prior,
  resetSystem,
  solveMean,
  systemOf,
  variancesInto,
} from './posterior';
import type { RatedFactorsConfig } from './settings';

/** Result of training. */
export interface RatedProducts {
  /** μ: mean of the stars. */
  readonly mean: number;
  /** Rows of d factors and a bias. */
  readonly beliefs: Beliefs;
  /** Prior of users' rows, used to fold in shoppers. */
  readonly userPrior: Prior;
}

/** One side, users or products. */
interface Side {
  readonly opinions: Csr;
  readonly weights: Float32Array;
  readonly beliefs: Beliefs;
  /** Beliefs as regressors for the other side: the bias replaced by a known 1. */
  readonly regressors: Beliefs;
  readonly prior: Float64Array;
}

/** Returns the transposed matrix with the weights of its entries. */
function transposed({ stars, weights }: Opinions): Opinions {
  return { stars: transposeCsr(stars), weights: transposeCsr({ ...stars, values: weights }).values };
}

function sideOf({ stars, weights }: Opinions, width: number): Side {
  const beliefsOf = (): Beliefs => ({
    width,
    means: new Float32Array(stars.rows * width),
    variances: new Float32Array(stars.rows * width),
  });
  return {
    opinions: stars,
    weights,
    beliefs: beliefsOf(),
    regressors: beliefsOf(),
    prior: new Float64Array(width),
  };
}

/** Copies beliefs into regressors. */
function refreshRegressors({ beliefs, regressors }: Side): void {
  const { width } = beliefs;
  regressors.means.set(beliefs.means);
  regressors.variances.set(beliefs.variances);
  for (let at = width - 1; at < regressors.means.length; at += width) {
    regressors.means[at] = 1;
    regressors.variances[at] = 0;
  }
}

/** Solves every row of one side against the other. */
function solveSide(solved: Side, fixed: Side, mean: number, noise: number): void {
  const { opinions, weights, beliefs, prior } = solved;
  const { width, means, variances } = beliefs;
  const system = systemOf(width);
  for (let row = 0; row < opinions.rows; row++) {
    resetSystem(system, { noise, variances: prior });
    for (let entry = opinions.indptr[row]; entry < opinions.indptr[row + 1]; entry++) {
      const other = opinions.indices[entry];
      const target = opinions.values[entry] - mean - fixed.beliefs.means[other * width + width - 1];
      addEntry(system, fixed.regressors, other, target, weights[entry]);
    }
    solveMean(system);
    means.set(system.x, row * width);
    variancesInto(system, noise, variances.subarray(row * width, (row + 1) * width));
  }
  refreshRegressors(solved);
}

/**
 * Sets the prior variances that maximise the likelihood: the mean of mean² + variance over rows with an
 * opinion.
 */
function learnPrior({ opinions, beliefs, prior }: Side, first: number): void {
  const { width, means, variances } = beliefs;
  const sums = new Float64Array(width);
  let rows = 0;
  for (let row = 0; row < opinions.rows; row++) {
    if (opinions.indptr[row] === opinions.indptr[row + 1]) continue;
    rows++;
    for (let k = 0; k < width; k++) sums[k] += means[row * width + k] ** 2 + variances[row * width + k];
  }
  for (let k = first; k < width; k++) prior[k] = Math.max(sums[k] / Math.max(rows, 1), minVariance);
}

/** Returns the expected squared error of a rating under x·z, with both sides uncertain. */
function expectedSquare(users: Side, products: Side, user: number, entry: number, mean: number): number {
  const { width } = users.beliefs;
  const [x, z] = [user * width, users.opinions.indices[entry] * width];
  let predicted = mean + products.beliefs.means[z + width - 1] + users.beliefs.means[x + width - 1];
  let spread = products.beliefs.variances[z + width - 1] + users.beliefs.variances[x + width - 1];
  for (let k = 0; k < width - 1; k++) {
    const [xm, xv] = [users.beliefs.means[x + k], users.beliefs.variances[x + k]];
    const [zm, zv] = [products.beliefs.means[z + k], products.beliefs.variances[z + k]];
    predicted += xm * zm;
    spread += xv * (zm * zm + zv) + xm * xm * zv;
  }
  return (users.opinions.values[entry] - predicted) ** 2 + spread;
}

function learnNoise(users: Side, products: Side, mean: number): number {
  let [sum, weight] = [0, 0];
  for (let user = 0; user < users.opinions.rows; user++) {
    for (let entry = users.opinions.indptr[user]; entry < users.opinions.indptr[user + 1]; entry++) {
      sum += users.weights[entry] * expectedSquare(users, products, user, entry, mean);
      weight += users.weights[entry];
    }
  }
  return Math.max(sum / Math.max(weight, minVariance), minVariance);
}

/** Minimum variance; keeps divisions finite where all stars are equal. */
const minVariance = 1e-6;

function weightedMean(values: Float32Array, weights: Float32Array): number {
  let [sum, weight] = [0, 0];
  for (let entry = 0; entry < values.length; entry++) {
    sum += weights[entry] * values[entry];
    weight += weights[entry];
  }
  return weight > 0 ? sum / weight : 0;
}

/**
 * Initialises products with normal numbers of variance 1/d, which stays the prior of their factors, and
 * biases with 0.
 */
function initialize(users: Side, products: Side, context: TrainContext): void {
  const { width, means } = products.beliefs;
  const rng = createRng(context.seed);
  const variance = 1 / (width - 1);
  products.prior.fill(variance);
  users.prior.fill(initialVariance);
  products.prior[width - 1] = initialVariance;
  for (let at = 0; at < means.length; at++) {
    means[at] = at % width === width - 1 ? 0 : Math.sqrt(variance) * rng.gaussian();
  }
  refreshRegressors(products);
}

/** Initial prior variance of users' rows and of biases, in stars², before the first epoch. */
const initialVariance = 0.2;

/**
 * Learns factors and biases of products from opinions; those of users are discarded.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainRated(
  opinions: Opinions,
  config: RatedFactorsConfig,
  context: TrainContext,
): Promise<RatedProducts> {
  checkCancelled(context);
  const width = config.rank + 1;
  const users = sideOf(opinions, width);
  const products = sideOf(transposed(opinions), width);
  const mean = weightedMean(opinions.stars.values, opinions.weights);
  initialize(users, products, context);
  let noise = 1;
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    solveSide(users, products, mean, noise);
    await pause();
    checkCancelled(context);
    solveSide(products, users, mean, noise);
    learnPrior(users, 0);
    // Only the product of both sides' factors is determined: the scale of products is fixed, that of users
    // learned.
    learnPrior(products, config.rank);
    noise = learnNoise(users, products, mean);
    context.onProgress(epoch + 1, config.epochs);
    await pause();
    checkCancelled(context);
  }
  return { mean, beliefs: products.beliefs, userPrior: { noise, variances: users.prior } };
}
