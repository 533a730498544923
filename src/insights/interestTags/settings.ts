import type { SettingValues } from '../../learning/settings';

/** Settings. docs/models/interest-tags.md says on which data the defaults were chosen. */
export const interestTagsSettings = {
  k: {
    meaning: 'Number of tags without children. auto: chosen from the data, from 2 to maxTags.',
    default: 0,
    minimum: 2,
    maximum: 400,
    isInteger: true,
    auto: 0,
  },
  maxTags: {
    meaning: 'Most tags without children when k is auto.',
    default: 48,
    minimum: 2,
    maximum: 400,
    isInteger: true,
    formerNames: ['mostTags'],
  },
  maxTerms: {
    meaning: 'Most terms kept, the most common ones first.',
    default: 20_000,
    minimum: 10,
    maximum: 200_000,
    isInteger: true,
    formerNames: ['mostTerms'],
  },
  rank: {
    meaning: 'Singular directions of the texts (latent semantic analysis).',
    default: 100,
    minimum: 2,
    maximum: 400,
    isInteger: true,
  },
  whitening: {
    meaning:
      'Each direction is divided by its singular value to this power. 0: not at all, 1: all are equally strong.',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['evenness'],
  },
  wordVectorWeight: {
    meaning: 'Weight of word vectors; terms have weight 1. 0: they only stand in for unknown words.',
    default: 0,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  categoryWeight: {
    meaning: 'Weight of a category in a description; each word has weight 1.',
    default: 2,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  spectralWeight: {
    meaning: 'Weight of who likes a product (spectral item embedding); terms have weight 1. 0: terms alone.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
    formerNames: ['companyWeight'],
  },
  resamples: {
    meaning:
      'Trainings on nine tenths of the products and shoppers that measure stability; one more, on other parts, choose the number of tags.',
    default: 2,
    minimum: 1,
    maximum: 50,
    isInteger: true,
    formerNames: ['restarts'],
  },
  emIterations: {
    meaning: 'Most iterations of expectation–maximisation. 0: the first clusters stay as they are.',
    default: 20,
    minimum: 0,
    maximum: 200,
    isInteger: true,
    formerNames: ['passes'],
  },
  specificity: {
    meaning:
      'γ: exponent of the specificity of words. 0: words that are used of everything count like all others.',
    default: 1,
    minimum: 0,
    maximum: 3,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type InterestTagsConfig = SettingValues<typeof interestTagsSettings>;
