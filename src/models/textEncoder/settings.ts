import type { SettingValues } from '../../learning/settings';

/** Settings of every kind of encoder. docs/models/text-encoders.md names the data that the defaults were chosen on. */
export const textEncoderSettings = {
  rank: {
    meaning: 'Length of the vectors of words and products; rounded up to a multiple of 16.',
    default: 64,
    minimum: 16,
    maximum: 256,
    isInteger: true,
    formerNames: ['dimensions'],
  },
  buckets: {
    meaning: 'Rows of the table to which words and their parts are hashed.',
    default: 16_384,
    minimum: 256,
    maximum: 1_048_576,
    isInteger: true,
  },
  maxLength: {
    meaning: 'Maximum words of a product that are read.',
    default: 40,
    minimum: 4,
    maximum: 256,
    isInteger: true,
    formerNames: ['tokens'],
  },
  epochs: {
    meaning: 'Passes over the products of all shoppers.',
    default: 8,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  windowsPerEpoch: {
    meaning: 'Maximum runs of products per epoch; bounds its time on large shops.',
    default: 4_000,
    minimum: 1,
    maximum: 10_000_000,
    isInteger: true,
  },
  window: {
    meaning:
      'Maximum products per run: consecutive products of a shopper’s history, which are positives of each other.',
    default: 8,
    minimum: 2,
    maximum: 64,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Minimum products per step: each is a negative of those of other shoppers.',
    default: 256,
    minimum: 16,
    maximum: 2048,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Learning rate of Adam at the start; it falls linearly to a tenth.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  temperature: {
    meaning: 'τ: divisor of the scores in the softmax.',
    default: 0.1,
    minimum: 0.01,
    maximum: 10,
    isInteger: false,
  },
  logQCorrection: {
    meaning:
      'Share of logQ that is subtracted from a negative’s score: 1 removes the effect of popularity, 0 keeps it.',
    default: 1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['correction'],
  },
  alignment: {
    meaning:
      'Weight of the loss that matches a product’s title with the rest of its text and with its title in another language.',
    default: 0.3,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  fieldDropout: {
    meaning:
      'Share of titles, descriptions, categories and features that training drops each time it reads a product.',
    default: 0.25,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  wordDropout: {
    meaning: 'Share of words that training drops each time it reads a product.',
    default: 0.1,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'Factor of the weight of a history’s product for each later time, when scoring. 1: equal weights.',
    default: 0.9,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type TextEncoderConfig = SettingValues<typeof textEncoderSettings>;
