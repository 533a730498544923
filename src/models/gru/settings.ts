/** Settings of gru. docs/models/gru.md names the validation data that the defaults were chosen on. */
export const gruSettings = {
  rank: {
    meaning: 'Length of the vectors of products and of the state; rounded up to a multiple of 8.',
    default: 96,
    minimum: 8,
    maximum: 1024,
    isInteger: true,
  },
  epochs: {
    meaning: 'Passes over all sessions.',
    default: 12,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Learning rate of Adam at the start; it falls linearly to 0.',
    default: 0.01,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  batchSize: {
    meaning: 'Minimum steps per batch; whole sequences are added until it is reached.',
    default: 1024,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  negatives: {
    meaning: 'Products drawn per batch, shared by all its steps; rounded up to a multiple of 8.',
    default: 512,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  negativeExponent: {
    meaning:
      'Products are drawn in proportion to (their number of steps)^exponent: 0 draws uniformly. The loss corrects for it.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  scale: {
    meaning: 'Factor of the cosines of products and states: a higher one gives sharper probabilities.',
    default: 16,
    minimum: 1,
    maximum: 100,
    isInteger: false,
  },
  inputDropout: {
    meaning: 'Share of each input vector that training drops.',
    default: 0.4,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  stateDropout: {
    meaning: 'Share of the state that training drops before products are scored.',
    default: 0.4,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  maxLength: {
    meaning: 'Maximum steps per sequence in training; longer sequences are cut.',
    default: 50,
    minimum: 2,
    maximum: 1000,
    isInteger: true,
    formerNames: ['sequenceLength'],
  },
  repeatShare: {
    meaning:
      'Factor of the counted rate of returning to a product, which is added to the probabilities of the history’s products.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;
