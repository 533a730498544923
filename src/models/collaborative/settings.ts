import type { SettingValues } from '../settings';

/** What can be set. docs/models/collaborative.md says on which validation data the defaults were chosen. */
export const collaborativeSettings = {
  rank: {
    meaning: 'Factors a user and a product have: d. Cost grows with d, hardly with d³ (see train.ts).',
    default: 64,
    minimum: 1,
    maximum: 512,
    isInteger: true,
  },
  epochs: {
    meaning: 'Times that all users and then all products are solved.',
    default: 10,
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
      'Weight α₀ of every (user, product) pair as a zero, beside 1 for one view. Small for large catalogues.',
    default: 0.01,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  stddev: {
    meaning:
      'Standard deviation of a first factor’s length: products start as normal numbers times it over √d.',
    default: 0.1,
    minimum: 1e-6,
    maximum: 10,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type CollaborativeConfig = SettingValues<typeof collaborativeSettings>;
