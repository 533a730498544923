import type { SettingValues } from '../../learning/settings';

const weight = (meaning: string, value: number) => ({
  meaning,
  default: value,
  minimum: 0,
  maximum: 100,
  isInteger: false,
});

/** Settings. docs/models/content.md describes the validation data on which the defaults were chosen. */
export const contentSettings = {
  titleWeight: weight('Weight of each word of the title.', 1),
  descriptionWeight: weight('Weight of each word of the description.', 1),
  categoryWeight: weight('Weight of each step of the category path, as a whole and per word.', 1),
  featureWeight: weight('Weight of each tag or attribute, as a whole and per word.', 1),
  lengthNormalization: {
    meaning:
      'b of BM25: how much repeated words in a long text are discounted, from 0 (not at all) to 1 (fully).',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['lengthShare'],
  },
  maxTerms: {
    meaning:
      'Maximum number of terms kept, the most frequent ones: words, pairs of adjacent words, categories, tags.',
    default: 60_000,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['mostTerms'],
  },
  rank: {
    meaning:
      'Dimensions of the spectral item embedding (the directions in which products are liked together).',
    default: 128,
    minimum: 1,
    maximum: 512,
    isInteger: true,
  },
  fade: {
    meaning:
      'Scale of the weakest dimension of the spectral embedding, relative to 1 for the strongest. 1: all alike.',
    default: 0.15,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning:
      'Weight λ of the squared length of a term’s coefficients in the regression from terms to the spectral embedding.',
    default: 0.1,
    minimum: 1e-6,
    maximum: 1000,
    isInteger: false,
  },
  shrinkage: {
    meaning: 'Number of shoppers at which the product’s own data count half.',
    default: 5,
    minimum: 0,
    maximum: 1000,
    isInteger: false,
    formerNames: ['trust'],
  },
  likenessWeight: weight(
    'Weight of text similarity, relative to 1 for the similarity of spectral embeddings.',
    0.6,
  ),
  standingWeight: weight(
    'Weight of popularity; for a product without shoppers, of the popularity predicted from its words.',
    0.3,
  ),
  popularityWeight: {
    meaning:
      'Weight of the number of shoppers, as a logarithm; products without shoppers are alike. auto: 0, or 1 to 10 where popularity alone is better on a trial than words.',
    default: -1,
    auto: -1,
    minimum: 0,
    maximum: 100,
    isInteger: false,
  },
  wordVectorWeight: weight(
    'Weight of word vectors, relative to 1 for the words themselves. 0: none are trained.',
    0,
  ),
  historyDecay: {
    meaning: 'Weight of each product of a history, relative to the next later one.',
    default: 0.99,
    minimum: 0.1,
    maximum: 1,
    isInteger: false,
    formerNames: ['recency'],
  },
} as const;

/** Values of all settings. */
export type ContentConfig = SettingValues<typeof contentSettings>;
