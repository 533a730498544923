import type { SettingValues } from '../../learning/settings';

/** What can be set. docs/models/interest-tags.md says on which data the defaults were chosen. */
export const interestTagsSettings = {
  k: {
    meaning: 'Tags without children. auto: as many as fit the shop, from 2 to maxTags.',
    default: 0,
    auto: 0,
    minimum: 2,
    maximum: 400,
    isInteger: true,
  },
  maxTags: {
    meaning: 'Most tags to choose from when k is auto.',
    default: 48,
    minimum: 2,
    maximum: 400,
    isInteger: true,
    formerNames: ['mostTags'],
  },
  maxTerms: {
    meaning: 'Terms kept, the most common ones.',
    default: 20_000,
    minimum: 10,
    maximum: 200_000,
    isInteger: true,
    formerNames: ['mostTerms'],
  },
  rank: {
    meaning: 'Directions that texts are told in (latent semantic analysis).',
    default: 100,
    minimum: 2,
    maximum: 400,
    isInteger: true,
  },
  whitening: {
    meaning: 'How far weak directions are raised to strong ones: each is divided by σ to this power.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['evenness'],
  },
  wordVectorWeight: {
    meaning: 'How much word vectors count beside 1 for the words themselves.',
    default: 0.3,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  spectralWeight: {
    meaning: 'How much it counts who likes a product, beside 1 for its words. 0: words alone.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
    formerNames: ['companyWeight'],
  },
  restarts: {
    meaning: 'Clusterings made, of which the one that decides most clearly is kept.',
    default: 4,
    minimum: 1,
    maximum: 50,
    isInteger: true,
  },
  emIterations: {
    meaning: 'Most iterations of expectation–maximisation over tags and words. 0: none.',
    default: 20,
    minimum: 0,
    maximum: 200,
    isInteger: true,
    formerNames: ['passes'],
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
