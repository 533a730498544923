import type { SettingValues } from '../../learning/settings';
import type { Csr } from '../../numeric/csr';

/** What can be set. docs/models/collaborative.md says on which validation data the defaults were chosen. */
export const collaborativeSettings = {
  rank: {
    meaning: 'Factors a user and a product have: d. Cost grows with d, hardly with d³ (see train.ts).',
    default: 64,
    minimum: 1,
    maximum: 1024,
    isInteger: true,
  },
  epochs: {
    meaning: 'Times that all users and then all products are solved.',
    default: 8,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  warmEpochs: {
    meaning: 'Epochs instead of `epochs` when it starts from the factors it learned last time.',
    default: 3,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  regularization: {
    meaning: 'Weight λ of a factor’s squared length, times what the exponent makes of its data.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 100,
    isInteger: false,
  },
  regularizationExponent: {
    meaning: 'Exponent ν: 0 regularises all alike, 1 in proportion to how much is known of a row.',
    default: 1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  unobservedWeight: {
    meaning:
      'Weight α₀ of every (user, product) pair as a zero, beside 1 for one view. auto: all zeros together weigh ' +
      '24 times what was observed.',
    default: 0,
    auto: 0,
    minimum: 1e-9,
    maximum: 10,
    isInteger: false,
  },
  solver: {
    meaning:
      'How training solves a row. exact: by Cholesky decomposition. blocks: one pass over blocks of its columns ' +
      '(iALS++). auto: the cheaper of the two per row; blocks where the rank is large and the row has many pairs.',
    default: 'exact',
    choices: ['auto', 'exact', 'blocks'],
    formerValues: { 0: 'auto', 1: 'exact', 2: 'blocks' },
  },
  blockSize: {
    meaning: 'Columns of a block, rounded up to a multiple of 8.',
    default: 64,
    minimum: 8,
    maximum: 1024,
    isInteger: true,
  },
  stddev: {
    meaning:
      'Standard deviation of a first factor’s length: products start as normal numbers times it over √d.',
    default: 0.1,
    minimum: 1e-6,
    maximum: 10,
    isInteger: false,
  },
  recencyExponent: {
    meaning:
      'Exponent β: a product met n instants before the latest counts (1 + n/recencyScale)^-β of its weight when a ' +
      'shopper is folded in. 0: all times alike. Training does not look at times.',
    default: 0.8,
    minimum: 0,
    maximum: 4,
    isInteger: false,
  },
  recencyScale: {
    meaning: 'Instants after which recency begins to tell.',
    default: 1,
    minimum: 0.01,
    maximum: 10_000,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type CollaborativeConfig = SettingValues<typeof collaborativeSettings>;

/**
 * What all zeros together weigh, in units of all that was observed, when nobody says. One number for data as different
 * as a retailer's orders (3,665 products, weights to 25), ml-1m and Gowalla: docs/models/collaborative.md.
 */
const unobservedShare = 24;

/** Settings with α₀ chosen where it was left open. */
export function withUnobservedWeight(config: CollaborativeConfig, preferences: Csr): CollaborativeConfig {
  if (config.unobservedWeight > 0) return config;
  let observed = 0;
  for (const value of preferences.values) observed += Math.abs(value);
  return {
    ...config,
    unobservedWeight: (unobservedShare * observed) / (preferences.rows * preferences.columns),
  };
}
