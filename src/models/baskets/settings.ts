import { backoffSettings } from '../backoffSettings';

/** Settings. docs/models/baskets.md describes the validation data on which the defaults were chosen. */
export const basketsSettings = {
  maxComplements: {
    meaning: 'Maximum number of complements kept per product.',
    default: 100,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
    formerNames: ['complements'],
  },
  minSupport: {
    meaning: 'Minimum number of baskets that contain both products of a pair.',
    default: 2,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['minimumSupport'],
  },
  minLift: {
    meaning:
      'Minimum lift of a pair: how many times as often as by chance it is bought together. 1: at least as often.',
    default: 1,
    minimum: 0,
    maximum: 1000,
    isInteger: false,
    formerNames: ['minimumLift'],
  },
  shrinkage: {
    meaning:
      'Baskets λ at which a pair counts half: its score is multiplied by n / (n + λ), n being the baskets with both.',
    default: 3,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  liftExponent: {
    meaning: 'Exponent β in P(b|a) / P(b)^β: 0 gives the confidence of the rule a → b, 1 its lift.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  basketDamping: {
    meaning:
      'Exponent δ: each pair in a basket of n products counts (n - 1)^-δ. 0 gives all baskets the same weight.',
    default: 1,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sharpness: {
    meaning:
      'Exponent p of the p-norm that combines the evidence of the products in a cart: 1 sums, a high p approaches the maximum.',
    default: 1.5,
    minimum: 1,
    maximum: 10,
    isInteger: false,
  },
  substitutePenalty: {
    meaning:
      'Exponent of the penalty on pairs that are viewed together but bought together more rarely than usual. 0 disables it.',
    default: 1,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  substitutePrior: {
    meaning: 'Sessions κ at which the purchase share of a pair counts as much as that of pairs of its kind.',
    default: 10,
    minimum: 0.1,
    maximum: 10_000,
    isInteger: false,
  },
  minBaskets: {
    meaning:
      'Minimum number of purchase baskets with two products or more. With fewer, carts are used, then sessions, then all products that a shopper chose.',
    default: 100,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['minimumBaskets'],
  },
  fillTo: {
    meaning:
      'Number of complements up to which products with too little basket data are filled from carts, days, weeks and shoppers. 0 disables filling.',
    default: 20,
    minimum: 0,
    maximum: 1000,
    isInteger: true,
  },
  fillSupport: {
    meaning:
      'Minimum number of carts, days, weeks or shoppers that contain both products of a pair used for filling.',
    default: 1,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
  },
  maxLength: {
    meaning:
      'Maximum number of products in a basket or session; longer ones (stock lists, robots) are ignored.',
    default: 500,
    minimum: 2,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['basketLimit'],
  },
  ...backoffSettings,
} as const;
