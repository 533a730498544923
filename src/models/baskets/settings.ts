/** What can be set. docs/models/baskets.md says on which validation data the defaults were chosen. */
export const basketsSettings = {
  maxComplements: {
    meaning: 'How many complements are kept of each product.',
    default: 100,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
    formerNames: ['complements'],
  },
  minSupport: {
    meaning: 'Fewest baskets that must hold both products of a pair.',
    default: 2,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['minimumSupport'],
  },
  minLift: {
    meaning:
      'How many times as often as by chance a pair must be bought together. 1: no less than by chance.',
    default: 1,
    minimum: 0,
    maximum: 1000,
    isInteger: false,
    formerNames: ['minimumLift'],
  },
  shrinkage: {
    meaning: 'Baskets λ at which a pair counts half: times n / (n + λ) with n baskets that hold both.',
    default: 3,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  liftExponent: {
    meaning: 'β in P(b|a) / P(b)^β: 0 is the confidence of the rule a → b, 1 its lift.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  basketDamping: {
    meaning:
      'Exponent δ: a basket of n products counts (n - 1)^-δ in each of its pairs. 0 lets all count alike.',
    default: 1,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sharpness: {
    meaning:
      'p of the p-norm over what the products of a cart say: 1 adds up, a high one listens to the strongest.',
    default: 1.5,
    minimum: 1,
    maximum: 10,
    isInteger: false,
  },
  substitutePenalty: {
    meaning:
      'Exponent of how much seldomer than usual a pair that is seen together is bought together. 0 does not look.',
    default: 1,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  substitutePrior: {
    meaning: 'Sessions κ at which a pair’s own share of buying counts as much as that of pairs of its kind.',
    default: 10,
    minimum: 0.1,
    maximum: 10_000,
    isInteger: false,
  },
  minBaskets: {
    meaning:
      'Baskets of two products or more that purchases must have made; with fewer, carts are looked at, then sessions, ' +
      'then all that a shopper chose.',
    default: 100,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['minimumBaskets'],
  },
  fillTo: {
    meaning:
      'Complements up to which a product that baskets say too little of is filled up from carts, days, weeks and shoppers. 0 never.',
    default: 20,
    minimum: 0,
    maximum: 1000,
    isInteger: true,
  },
  fillSupport: {
    meaning: 'Fewest carts, days, weeks or shoppers that must hold both products of a pair that fills up.',
    default: 1,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
  },
  maxLength: {
    meaning:
      'Most products of a basket or session that is looked at: longer ones are stock lists and robots.',
    default: 500,
    minimum: 2,
    maximum: 10_000,
    isInteger: true,
    formerNames: ['basketLimit'],
  },
} as const;
