import type { SettingValues } from '../../learning/settings';
import type { Csr } from '../../numeric/csr';
import { backoffSettings } from '../backoffSettings';

/** Settings. docs/models/collaborative.md describes the validation data on which the defaults were chosen. */
export const collaborativeSettings = {
  rank: {
    meaning:
      'Number of factors per user and product: d. Cost grows with d, and hardly with d³ (see train.ts).',
    default: 64,
    minimum: 1,
    maximum: 1024,
    isInteger: true,
  },
  epochs: {
    meaning: 'Number of passes; each solves all users and then all products.',
    default: 8,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  warmEpochs: {
    meaning:
      'Epochs used instead of `epochs` when training starts from the factors of the previous artifact.',
    default: 3,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  regularization: {
    meaning:
      'Weight λ of the squared length of a row of factors, multiplied by the power of its data that the exponent gives.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 100,
    isInteger: false,
  },
  regularizationExponent: {
    meaning: 'Exponent ν: 0 regularises all rows alike, 1 in proportion to the data of a row.',
    default: 1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  flatRegularization: {
    meaning:
      'Weight of the squared length of a row that is added to the former, the same for all rows: rows with little data shrink towards 0, and popular products rank above them. auto: 0, or four times the mean weight of a pair, by a trial.',
    default: -1,
    auto: -1,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  backoffWeight: {
    meaning:
      'Weight of the probability of a product by the categories of the history and by popularity, which is added to the score. 0: not added, and products that nobody liked have no score. auto: chosen on a trial.',
    default: -1,
    auto: -1,
    minimum: 0,
    maximum: 1e9,
    isInteger: false,
  },
  backoffSpread: backoffSettings.backoffSpread,
  unobservedWeight: {
    meaning:
      'Weight α₀ of every (user, product) pair as a zero, relative to 1 for one view. auto: all zeros together weigh 24 times the observed weights.',
    default: 0,
    auto: 0,
    minimum: 1e-9,
    maximum: 10,
    isInteger: false,
  },
  solver: {
    meaning:
      'How training solves a row. exact: by Cholesky decomposition. blocks: one pass over blocks of its columns (iALS++). auto: the cheaper of the two per row; blocks where the rank is large and the row has many pairs.',
    default: 'exact',
    choices: ['auto', 'exact', 'blocks'],
    formerValues: { 0: 'auto', 1: 'exact', 2: 'blocks' },
  },
  blockSize: {
    meaning: 'Columns per block, rounded up to a multiple of 8.',
    default: 64,
    minimum: 8,
    maximum: 1024,
    isInteger: true,
  },
  stddev: {
    meaning:
      'Standard deviation of the length of an initial row: products start as normal numbers multiplied by it over √d.',
    default: 0.1,
    minimum: 1e-6,
    maximum: 10,
    isInteger: false,
  },
  recencyExponent: {
    meaning:
      'Exponent β: when a shopper is folded in, a product seen n instants before the latest counts (1 + n/recencyScale)^-β of its weight. 0 disables recency. Training ignores times.',
    default: 0.8,
    minimum: 0,
    maximum: 4,
    isInteger: false,
  },
  recencyScale: {
    meaning: 'Number of instants after which the recency decay becomes noticeable.',
    default: 1,
    minimum: 0.01,
    maximum: 10_000,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type CollaborativeConfig = SettingValues<typeof collaborativeSettings>;

/**
 * Weight of all zeros together, in units of all observed weights, with α₀ auto. One number fits data as
 * different as a retailer's orders (3,665 products, weights to 25), ml-1m and Gowalla:
 * docs/models/collaborative.md.
 */
const unobservedShare = 24;

/** Returns the settings with α₀ computed from the data when it is auto. */
export function withUnobservedWeight(config: CollaborativeConfig, preferences: Csr): CollaborativeConfig {
  if (config.unobservedWeight > 0) return config;
  let observed = 0;
  for (const value of preferences.values) observed += Math.abs(value);
  return {
    ...config,
    unobservedWeight: (unobservedShare * observed) / (preferences.rows * preferences.columns),
  };
}
