import type { SettingValues } from '../../learning/settings';

/** What can be set. docs/models/interest-tags.md says on which data the defaults were chosen. */
export const interestTagsSettings = {
  k: {
    meaning: 'Tags without children. 0: as many as fit the shop, from 2 to mostTags.',
    default: 0,
    minimum: 0,
    maximum: 400,
    isInteger: true,
  },
  mostTags: {
    meaning: 'Most tags to choose from when k is 0.',
    default: 48,
    minimum: 2,
    maximum: 400,
    isInteger: true,
  },
  mostTerms: {
    meaning: 'Terms kept, the most common ones.',
    default: 20_000,
    minimum: 10,
    maximum: 200_000,
    isInteger: true,
  },
  rank: {
    meaning: 'Directions that texts are told in (latent semantic analysis).',
    default: 100,
    minimum: 2,
    maximum: 400,
    isInteger: true,
  },
  evenness: {
    meaning: 'How far weak directions are raised to strong ones: each is divided by σ to this power.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  wordVectorWeight: {
    meaning: 'How much word vectors count beside 1 for the words themselves.',
    default: 0.3,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  companyWeight: {
    meaning: 'How much it counts who likes a product, beside 1 for its words. 0: words alone.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  restarts: {
    meaning: 'Clusterings made, of which the one that decides most clearly is kept.',
    default: 4,
    minimum: 1,
    maximum: 50,
    isInteger: true,
  },
  passes: {
    meaning:
      'Most passes in which tags and their words teach each other (expectation–maximisation). 0: none.',
    default: 20,
    minimum: 0,
    maximum: 200,
    isInteger: true,
  },
  specificity: {
    meaning: 'γ: how far words that are used of everything are left unheard in that. 0: all count alike.',
    default: 1,
    minimum: 0,
    maximum: 3,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type InterestTagsConfig = SettingValues<typeof interestTagsSettings>;
