import { backoffSettings } from '../backoffSettings';

/** Settings. docs/models/item-neighbours.md describes the validation data on which the defaults were chosen. */
export const itemNeighboursSettings = {
  neighbours: {
    meaning: 'Maximum number of neighbours kept per product.',
    default: 200,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
  },
  userDamping: {
    meaning:
      'Exponent δ: a user with W products near a given one counts W^-δ in each of its pairs. 0 gives all users the same weight.',
    default: 0.8,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sourceExponent: {
    meaning:
      'Exponent of the popularity of the history product. 0.5, with a target exponent of 0.5, gives the cosine.',
    default: 0.7,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  targetExponent: {
    meaning:
      'Exponent of the popularity of the recommended product: higher values favour less popular products.',
    default: 0.4,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  shrinkage: {
    meaning: 'Users λ at which a pair counts half: similarity × n / (n + λ) with n users who have both.',
    default: 3,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  proximityDecay: {
    meaning:
      'Decay per product between the two of a pair: the pair counts decay^n with n products between. 1 disables it.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  proximityFloor: {
    meaning: 'Minimum weight of a pair, at any distance in the history.',
    default: 0,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning:
      'Weight of a pair in reverse order (the earlier product as a recommendation for the later), relative to 1 in order.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'Decay per later instant: the weight of a history product is multiplied by this for each later one. 1 disables it.',
    default: 0.7,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
  maxLength: {
    meaning: 'Maximum number of latest products used per user: bounds the work at maxLength² per user.',
    default: 1000,
    minimum: 2,
    maximum: 100_000,
    isInteger: true,
    formerNames: ['historyLimit'],
  },
  ...backoffSettings,
} as const;
