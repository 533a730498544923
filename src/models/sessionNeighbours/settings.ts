/** Settings. docs/models/session-neighbours.md describes the validation data on which the defaults were chosen. */
export const sessionNeighboursSettings = {
  maxSessions: {
    meaning:
      'Maximum number of sessions that the artifact stores, the latest first, as plain lists of products.',
    default: 200_000,
    minimum: 1,
    maximum: 5_000_000,
    isInteger: true,
    formerNames: ['sessions'],
  },
  maxLength: {
    meaning: 'Maximum number of latest products stored per session.',
    default: 50,
    minimum: 2,
    maximum: 1000,
    isInteger: true,
    formerNames: ['sessionLength'],
  },
  maxSessionsPerProduct: {
    meaning:
      'Maximum number of latest sessions that are read per history product: bounds the work of a request.',
    default: 2000,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['sessionsPerProduct'],
  },
  neighbours: {
    meaning: 'Number of most similar sessions that contribute to the scores.',
    default: 500,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
  },
  historyDecay: {
    meaning:
      'Decay per later order: the weight of a history product is multiplied by this for each later instant. 1 disables it.',
    default: 0.6,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
  pastShare: {
    meaning: 'Weight of products from before the shopper’s latest session, relative to 1 within it.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  rarityExponent: {
    meaning:
      'Exponent of the inverse session frequency of a shared product. 0 gives common and rare products the same weight.',
    default: 2,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  similarityExponent: {
    meaning: 'Exponent of the similarity of a session: above 1 favours the most similar sessions.',
    default: 1.5,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  lengthExponent: {
    meaning: 'Exponent of session length by which the similarity of a session is divided.',
    default: 0.25,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sessionDecay: {
    meaning:
      'A session counts e^(-decay × share of the stored sessions that are later). 0 disables the decay.',
    default: 1,
    minimum: 0,
    maximum: 100,
    isInteger: false,
  },
  forwardDecay: {
    meaning: 'Decay per order (instant) after that of the shared product in the other session.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning: 'Weight of a product just before the shared one, relative to 1 just after it.',
    default: 0.6,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardDecay: {
    meaning: 'Decay per order before that of the shared product.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  popularityExponent: {
    meaning: 'Strength of popularity correction: scores are divided by (sessions with the product)^exponent.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
} as const;
