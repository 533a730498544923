import type { SettingValues } from '../../learning/settings';

/** Settings of two-tower. docs/models/two-tower.md names the validation data that the defaults were chosen on. */
export const twoTowerSettings = {
  rank: {
    meaning: 'Length of the vectors of shoppers and products; rounded up to a multiple of 8.',
    default: 32,
    minimum: 8,
    maximum: 512,
    isInteger: true,
  },
  epochs: {
    meaning: 'Passes over all targets: every product of a history is predicted from those before it.',
    default: 8,
    minimum: 1,
    maximum: 500,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Learning rate of Adam at the start; it falls along a cosine to 0.',
    default: 0.005,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning:
      'Share of a parameter that decoupled weight decay takes at a step of rate 1; of tables only in rows that the step updates.',
    default: 0.01,
    minimum: 0,
    maximum: 100,
    isInteger: false,
    formerNames: ['weightDecay'],
  },
  temperature: {
    meaning: 'Divisor of the cosines before the softmax.',
    default: 0.1,
    minimum: 0.01,
    maximum: 10,
    isInteger: false,
  },
  negatives: {
    meaning:
      'Products drawn per batch, half in proportion to likes, half uniformly; rounded up to a multiple of 16.',
    default: 256,
    minimum: 16,
    maximum: 8192,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Examples per step.',
    default: 256,
    minimum: 8,
    maximum: 4096,
    isInteger: true,
  },
  maxLength: {
    meaning: 'Latest liked products that represent a shopper.',
    default: 20,
    minimum: 1,
    maximum: 500,
    isInteger: true,
    formerNames: ['historyLength'],
  },
  idDropout: {
    meaning:
      'Probability that training leaves out the own embedding of a product with features, as a new product has none.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  featureBuckets: {
    meaning: 'Rows of the feature table, to which the names of features are hashed.',
    default: 16_384,
    minimum: 16,
    maximum: 1_048_576,
    isInteger: true,
  },
} as const;

/** Values of all settings. */
export type TwoTowerConfig = SettingValues<typeof twoTowerSettings>;
