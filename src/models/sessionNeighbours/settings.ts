/** What can be set. Defaults: docs/models/session-neighbours.md says on which validation data they were chosen. */
export const sessionNeighboursSettings = {
  maxSessions: {
    meaning:
      'How many sessions the artifact keeps, the latest first: bare lists of products. Bounds what it remembers.',
    default: 200_000,
    minimum: 1,
    maximum: 5_000_000,
    isInteger: true,
    formerNames: ['sessions'],
  },
  maxLength: {
    meaning: 'How many products are kept of each session, the latest.',
    default: 50,
    minimum: 2,
    maximum: 1000,
    isInteger: true,
    formerNames: ['sessionLength'],
  },
  maxSessionsPerProduct: {
    meaning:
      'How many sessions with a product of the history are looked at, the latest: bounds the work of a request.',
    default: 2000,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['sessionsPerProduct'],
  },
  neighbours: {
    meaning: 'How many sessions, the most like the history, have a say.',
    default: 500,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
  },
  historyDecay: {
    meaning:
      'How fast a product of the history counts less with each later one when a shopper asks. 1 does not look.',
    default: 0.6,
    minimum: 0.01,
    maximum: 1,
    isInteger: false,
  },
  pastShare: {
    meaning: 'What products from before the shopper’s latest session count against 1 in it.',
    default: 0.3,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  rarityExponent: {
    meaning:
      'Exponent of the inverse session frequency of a shared product. 0 lets common products count alike.',
    default: 2,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  similarityExponent: {
    meaning:
      'Exponent of a session’s likeness: above 1 the sessions that share more have more than their share.',
    default: 1.5,
    minimum: 0,
    maximum: 5,
    isInteger: false,
  },
  lengthExponent: {
    meaning: 'A session’s likeness is divided by its length to this power.',
    default: 0.25,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  sessionDecay: {
    meaning: 'A session counts e^(-decay × share of the kept sessions that are later). 0 does not look.',
    default: 1,
    minimum: 0,
    maximum: 100,
    isInteger: false,
  },
  forwardDecay: {
    meaning: 'How fast a product counts less with each step after the shared one in the other session.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardShare: {
    meaning: 'What a product right before the shared one counts, against 1 right after it.',
    default: 0.6,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  backwardDecay: {
    meaning: 'How fast a product counts less with each step before the shared one.',
    default: 0.8,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  popularityExponent: {
    meaning: 'How far popularity is taken out: scores are divided by (sessions with the product)^exponent.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
} as const;
