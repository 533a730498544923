/** What can be set. Defaults: docs/models/markov.md says on which validation data they were chosen. */
export const markovSettings = {
  transitions: {
    meaning: 'How many successors are kept of each product.',
    default: 300,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
  },
  reach: {
    meaning:
      'How many steps may lie between two products of a transition, at most: 1 is the next step alone.',
    default: 5,
    minimum: 1,
    maximum: 50,
    isInteger: true,
  },
  forwardDecay: {
    meaning: 'How fast a transition counts less with each step it skips.',
    default: 0.65,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning: 'What the way back counts, from a product to the one right before it, against 1 forward.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardDecay: {
    meaning: 'How fast the way back counts less with each step it skips.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  acrossShare: {
    meaning: 'What a transition from one session of a shopper to another counts against 1 within a session.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  recencyDecay: {
    meaning: 'A transition counts e^(-decay × share of all steps that are later). 0 does not look.',
    default: 1,
    minimum: 0,
    maximum: 100,
    isInteger: false,
  },
  confidence: {
    meaning: 'Transitions from a product at which it has half the say it could have.',
    default: 20,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  secondOrderShare: {
    meaning:
      'What the transitions from the last two products together add, at most. 0 looks at one at a time.',
    default: 0.25,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  secondOrderConfidence: {
    meaning: 'Transitions from a pair of products at which it has half that say.',
    default: 3,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
  },
  walkShare: {
    meaning: 'What a second step adds, from the products that the first one reaches. 0 takes one step only.',
    default: 1,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  walkBreadth: {
    meaning: 'From how many products, the likeliest, the second step is taken.',
    default: 500,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
  },
  popularityExponent: {
    meaning: 'How far popularity is taken out: scores are divided by (transitions to the product)^exponent.',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'How fast a product of the history counts less with each later one when a shopper asks. 1 does not look.',
    default: 0.6,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
} as const;
