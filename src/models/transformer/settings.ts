import type { SettingValues } from '../../learning/settings';

/** What can be set. docs/models/transformer.md says on which validation data the defaults were chosen. */
export const transformerSettings = {
  rank: {
    meaning: 'Numbers a product and a state have: d, rounded up to a multiple of 8 a head.',
    default: 64,
    minimum: 8,
    maximum: 512,
    isInteger: true,
  },
  blocks: {
    meaning: 'Blocks of attention and feed-forward layer, one after the other.',
    default: 2,
    minimum: 1,
    maximum: 8,
    isInteger: true,
  },
  heads: {
    meaning: 'Heads of each attention.',
    default: 2,
    minimum: 1,
    maximum: 16,
    isInteger: true,
  },
  maxLength: {
    meaning:
      'Latest liked products that are looked at. auto: chosen from the data, as many as 19 of 20 shoppers have, from 16 to 200.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 2000,
    isInteger: true,
  },
  dropout: {
    meaning:
      'Share of numbers that training drops between layers. auto: chosen from the data, 0.2 for long histories to 0.5 for short.',
    default: 0,
    auto: 0,
    minimum: 1e-6,
    maximum: 0.95,
    isInteger: false,
  },
  epochs: {
    meaning:
      'Times that all histories are read. auto: chosen from the data, about 30 million events in all, 10 to 60 times.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 1000,
    isInteger: true,
  },
  batchSize: {
    meaning: 'Events of a step. auto: chosen from the data, a 64th of it, from 256 to 4096.',
    default: 0,
    auto: 0,
    minimum: 1,
    maximum: 65_536,
    isInteger: true,
  },
  negatives: {
    meaning:
      'Products drawn for a step, shared by all its events. As many as there are: all of them, once each.',
    default: 1024,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  popularShare: {
    meaning: 'Share of the negatives drawn as often as they are liked; the others are drawn alike.',
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
      'Rate of Adam at its highest: it rises over the first steps and falls as a cosine to a twentieth.',
    default: 0.003,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning:
      'Share of every weight that decay takes at a step of rate 1 (decoupled; of products only those met).',
    default: 0,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type TransformerConfig = SettingValues<typeof transformerSettings>;

/** What the choice of settings looks at. */
export interface DataSize {
  /** Liked products of each user, those with two or more only. */
  readonly lengths: readonly number[];
}

const within = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value));

/** Settings with those left open chosen from the data. */
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
