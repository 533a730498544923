import type { SettingValues } from '../../learning/settings';

/** What can be set. docs/models/two-tower.md says on which validation data the defaults were chosen. */
export const twoTowerSettings = {
  rank: {
    meaning: 'Numbers a shopper and a product have; rounded up to a multiple of 8.',
    default: 32,
    minimum: 8,
    maximum: 512,
    isInteger: true,
  },
  epochs: {
    meaning: 'Times that every product of every history is foretold from those before it.',
    default: 8,
    minimum: 1,
    maximum: 500,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Rate of Adam; falls to nothing over the epochs as a cosine does.',
    default: 0.005,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning: 'Share of a parameter that decay takes at a step of rate 1, of rows that the step touches.',
    default: 0.01,
    minimum: 0,
    maximum: 100,
    isInteger: false,
    formerNames: ['weightDecay'],
  },
  temperature: {
    meaning: 'By which cosines are divided before the softmax.',
    default: 0.1,
    minimum: 0.01,
    maximum: 10,
    isInteger: false,
  },
  negatives: {
    meaning:
      'Products that a batch is held against: half drawn as often as they are met, half evenly. A multiple of 16.',
    default: 256,
    minimum: 16,
    maximum: 8192,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Examples a step.',
    default: 256,
    minimum: 8,
    maximum: 4096,
    isInteger: true,
  },
  maxLength: {
    meaning: 'Latest liked products that a shopper is read from.',
    default: 20,
    minimum: 1,
    maximum: 500,
    isInteger: true,
    formerNames: ['historyLength'],
  },
  idDropout: {
    meaning:
      'How often a product with features must do without its own numbers in training, as a new one has to.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  featureBuckets: {
    meaning: 'Rows for features, among which their names are hashed.',
    default: 16_384,
    minimum: 16,
    maximum: 1_048_576,
    isInteger: true,
  },
} as const;

/** Values of all settings. */
export type TwoTowerConfig = SettingValues<typeof twoTowerSettings>;
