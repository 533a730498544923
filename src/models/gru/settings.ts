/** What can be set. Defaults: docs/models/gru.md says on which validation data they were chosen. */
export const gruSettings = {
  rank: {
    meaning: 'Numbers of a product and of the state; rounded up to a multiple of 8.',
    default: 96,
    minimum: 8,
    maximum: 1024,
    isInteger: true,
  },
  epochs: {
    meaning: 'How often every session is learned from.',
    default: 12,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  learningRate: {
    meaning: 'Rate of Adam at the start; it falls to 0 in a straight line.',
    default: 0.01,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  batchSize: {
    meaning: 'Steps in a batch, about: whole sequences are taken until there are so many.',
    default: 1024,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  negatives: {
    meaning:
      'Products drawn for each batch, against which all its steps learn; rounded up to a multiple of 8.',
    default: 512,
    minimum: 8,
    maximum: 100_000,
    isInteger: true,
  },
  negativeExponent: {
    meaning:
      'Products are drawn by (how often they came)^exponent: 0 draws all alike. The loss corrects for it.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  scale: {
    meaning: 'Score of a product in the very direction of the state: higher makes for sharper probabilities.',
    default: 16,
    minimum: 1,
    maximum: 100,
    isInteger: false,
  },
  inputDropout: {
    meaning: 'Share of the numbers of each product read that is dropped in training.',
    default: 0.4,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  stateDropout: {
    meaning: 'Share of the numbers of the state that is dropped in training before products are scored.',
    default: 0.4,
    minimum: 0,
    maximum: 0.9,
    isInteger: false,
  },
  maxLength: {
    meaning: 'Steps after which a long sequence is cut, in training.',
    default: 50,
    minimum: 2,
    maximum: 1000,
    isInteger: true,
    formerNames: ['sequenceLength'],
  },
  repeatShare: {
    meaning:
      'How much of the counted rate of going back is added to the probabilities of the history’s products.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;
