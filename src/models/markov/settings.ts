import { backoffSettings } from '../backoffSettings';

/** Settings. docs/models/markov.md describes the validation data on which the defaults were chosen. */
export const markovSettings = {
  maxTransitions: {
    meaning: 'Maximum number of successors kept per product.',
    default: 300,
    minimum: 1,
    maximum: 5000,
    isInteger: true,
    formerNames: ['transitions'],
  },
  reach: {
    meaning:
      'Maximum distance in orders (instants of a shopper) between the two products of a transition: 1 is the next one only.',
    default: 5,
    minimum: 1,
    maximum: 50,
    isInteger: true,
  },
  forwardDecay: {
    meaning: 'Decay of a transition per skipped order.',
    default: 0.65,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning:
      'Weight of a backward transition, from a product to the one just before it, relative to 1 forward.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardDecay: {
    meaning: 'Decay of a backward transition per skipped order.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  acrossShare: {
    meaning: 'Weight of a transition between two sessions of a shopper, relative to 1 within a session.',
    default: 1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  recencyDecay: {
    meaning: 'A transition counts e^(-decay × share of all steps that are later). 0 disables the decay.',
    default: 1,
    minimum: 0,
    maximum: 100,
    isInteger: false,
  },
  shrinkage: {
    meaning: 'Number of transitions from a product at which the product counts half of its maximum.',
    default: 20,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
    formerNames: ['confidence'],
  },
  secondOrderShare: {
    meaning:
      'Maximum weight of the transitions from the last two products together. 0 uses single products only.',
    default: 0.25,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  secondOrderShrinkage: {
    meaning: 'Number of transitions from a pair of products at which the pair counts half of that maximum.',
    default: 3,
    minimum: 0,
    maximum: 10_000,
    isInteger: false,
    formerNames: ['secondOrderConfidence'],
  },
  walkShare: {
    meaning: 'Weight of a second step, from the products that the first one reaches. 0 disables it.',
    default: 1.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  walkBreadth: {
    meaning: 'Number of most probable products from which the second step is taken.',
    default: 200,
    minimum: 1,
    maximum: 10_000,
    isInteger: true,
  },
  repeatShare: {
    meaning: 'Factor of the counted repeat rates that are added to the scores of the history’s products.',
    default: 2.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  popularityExponent: {
    meaning:
      'Strength of popularity correction: scores are divided by (transitions to the product)^exponent.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  historyDecay: {
    meaning:
      'Decay per later order: the weight of a history product is multiplied by this for each later instant. 1 disables it.',
    default: 0.6,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
  ...backoffSettings,
} as const;
