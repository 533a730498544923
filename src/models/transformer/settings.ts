import type { SettingValues } from '../../learning/settings';

/** Settings of the Transformer. docs/models/transformer.md names the validation data that the defaults were chosen on. */
export const transformerSettings = {
  rank: {
    meaning: 'Length d of the vectors of products and states; rounded up to a multiple of 8 per head.',
    default: 64,
    minimum: 8,
    maximum: 512,
    isInteger: true,
  },
  blocks: {
    meaning: 'Consecutive blocks of attention and feed-forward layer.',
    default: 2,
    minimum: 1,
    maximum: 8,
    isInteger: true,
  },
  heads: {
    meaning: 'Attention heads per block.',
    default: 2,
    minimum: 1,
    maximum: 16,
    isInteger: true,
  },
  maxLength: {
    meaning: 'Latest liked products that are read. auto: the 95th percentile of the data, from 16 to 200.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 2000,
    isInteger: true,
  },
  dropout: {
    meaning:
      'Share of activations that training drops between layers. auto: from 0.2 for long histories to 0.5 for short ones.',
    default: 0,
    auto: 0,
    minimum: 1e-6,
    maximum: 0.95,
    isInteger: false,
  },
  epochs: {
    meaning: 'Passes over all histories. auto: about 30 million events in all, from 10 to 60 passes.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 1000,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Events per step. auto: a 64th of the data, from 256 to 4096.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 65_536,
    isInteger: true,
  },
  negatives: {
    meaning:
      'Products drawn per step, shared by all its events. Not fewer than the products of the shop: all of them, once each.',
    default: 1024,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  popularShare: {
    meaning: 'Share of the negatives drawn in proportion to likes; the others are drawn uniformly.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  loss: {
    meaning:
      'softmax: sampled softmax with logQ correction. gbce: generalised binary cross-entropy (Petrov & Macdonald 2023).',
    default: 'softmax',
    choices: ['softmax', 'gbce'],
  },
  calibration: {
    meaning:
      't of gBCE: 0 is plain binary cross-entropy, 1 corrects all of the overconfidence of sampled negatives.',
    default: 0.75,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['binaryLoss'],
  },
  learningRate: {
    meaning:
      'Highest learning rate of Adam: it rises over the first steps, then falls along a cosine to a twentieth.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning:
      'Share of a parameter that decoupled weight decay takes at a step of rate 1; of embeddings only those that the step updates.',
    default: 0,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type TransformerConfig = SettingValues<typeof transformerSettings>;

/** The data that automatic settings depend on. */
export interface DataSize {
  /** Number of liked products of each user with at least two. */
  readonly lengths: readonly number[];
}

const within = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** The settings, with automatic ones chosen from the data. */
export function chosenSettings(config: TransformerConfig, { lengths }: DataSize): TransformerConfig {
  const sorted = [...lengths].sort((a, b) => a - b);
  const events = sorted.reduce((sum, length) => sum + length, 0);
  const mean = events / Math.max(1, sorted.length);
  const most = sorted[Math.floor(0.95 * sorted.length)] ?? 16;
  return {
    ...config,
    maxLength: config.maxLength || within(16, most, 200),
    dropout: config.dropout || within(0.2, 0.6 - 0.1 * Math.log2(mean / 5), 0.5),
    epochs: config.epochs || within(10, Math.round(3e7 / Math.max(1, events)), 60),
    batchSize: config.batchSize || within(256, Math.round(events / 64), 4096),
  };
}
