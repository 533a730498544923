/** Settings. docs/models/buy-again.md describes the validation data on which the defaults were chosen. */
export const buyAgainSettings = {
  cuts: {
    meaning: 'Number of past instants at which the model asks what shoppers bought again after them.',
    default: 8,
    minimum: 1,
    maximum: 100,
    isInteger: true,
  },
  cutDays: {
    meaning: 'Days between two of these instants; fewer where the data are too short for that.',
    default: 15,
    minimum: 1,
    maximum: 365,
    isInteger: false,
  },
  maxExamples: {
    meaning: 'Maximum number of sampled examples per period: it bounds the time of training.',
    default: 100_000,
    minimum: 1_000,
    maximum: 10_000_000,
    isInteger: true,
  },
  regularization: {
    meaning: 'Strength of the prior: by own frequency alone. Of one standard deviation of each feature.',
    default: 30,
    minimum: 0.01,
    maximum: 1e6,
    isInteger: false,
  },
  minRepeatShare: {
    meaning:
      'Lists keep bought products of a category where at least this share of later purchases are repeats.',
    default: 0.05,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
} as const;
