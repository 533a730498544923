/** What can be set. Defaults: docs/models/item-neighbours.md says on which validation data they were chosen. */
export const itemNeighboursSettings = {
  neighbours: {
    meaning: 'How many neighbours are kept of each product.',
    default: 200,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
  },
  userDamping: {
    meaning:
      'Exponent δ: a user with W products near one counts W^-δ in each pair with it. 0 lets all count alike.',
    default: 0.8,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sourceExponent: {
    meaning: 'Exponent of the popularity of the product in the history. 0.5 with 0.5 below is the cosine.',
    default: 0.7,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  targetExponent: {
    meaning: 'Exponent of the popularity of the product to recommend: higher favours the less popular.',
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
      'How fast a pair counts less the more products lie between its two, per product. 1 does not look.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  proximityFloor: {
    meaning: 'What a pair counts at least, however far apart in the history.',
    default: 0,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning: 'What the earlier product counts as a follower of the later one, against 1 the other way.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'How fast a product of the history counts less with each later one when a shopper asks. 1 does not look.',
    default: 0.7,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
  maxLength: {
    meaning: 'Latest products of each user that are learned from: bounds the work at limit² a user.',
    default: 1000,
    minimum: 2,
    maximum: 100_000,
    isInteger: true,
    formerNames: ['historyLimit'],
  },
} as const;
