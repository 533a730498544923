import type { SettingValues } from '../../learning/settings';

/** What can be set, alike for every kind of encoder. docs/models/text-encoders.md says on what the defaults were chosen. */
export const textEncoderSettings = {
  rank: {
    meaning: 'Length of a vector, of a word’s and of a product’s. Rounded up to a multiple of 16.',
    default: 64,
    minimum: 16,
    maximum: 256,
    isInteger: true,
    formerNames: ['dimensions'],
  },
  buckets: {
    meaning: 'Vectors that words and their parts share by hash.',
    default: 16_384,
    minimum: 256,
    maximum: 1_048_576,
    isInteger: true,
  },
  maxLength: {
    meaning: 'Words of a product that are read; the rest is cut.',
    default: 40,
    minimum: 4,
    maximum: 256,
    isInteger: true,
    formerNames: ['tokens'],
  },
  epochs: {
    meaning: 'Times that every shopper’s products are gone through.',
    default: 8,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  windowsPerEpoch: {
    meaning: 'Runs of a shopper’s products in an epoch, at most; bounds its time on large shops.',
    default: 4_000,
    minimum: 1,
    maximum: 10_000_000,
    isInteger: true,
  },
  window: {
    meaning:
      'Products in a run: those one after the other in a shopper’s history are positives of each other.',
    default: 8,
    minimum: 2,
    maximum: 64,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Products in a step: each is a negative to those of other shoppers.',
    default: 256,
    minimum: 16,
    maximum: 2048,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Step of Adam at the start; it falls to a tenth in a straight line.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  temperature: {
    meaning: 'τ: scores are divided by it in the softmax.',
    default: 0.1,
    minimum: 0.01,
    maximum: 10,
    isInteger: false,
  },
  logQCorrection: {
    meaning: 'Share of logQ that is taken off a negative’s score: 1 takes popularity out, 0 leaves it in.',
    default: 1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['correction'],
  },
  alignment: {
    meaning:
      'Weight of telling a product’s title from the rest of its text, and from its title in another language.',
    default: 0.3,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  fieldDropout: {
    meaning:
      'Share of titles, descriptions, categories and features left out each time a product is read in training.',
    default: 0.25,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  wordDropout: {
    meaning: 'Share of words left out each time a product is read in training.',
    default: 0.1,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'How fast a product of the history counts less with each later one, when a shopper asks. 1: all alike.',
    default: 0.9,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type TextEncoderConfig = SettingValues<typeof textEncoderSettings>;
