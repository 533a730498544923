import type { SettingValues } from '../../learning/settings';

const weight = (meaning: string, value: number) => ({
  meaning,
  default: value,
  minimum: 0,
  maximum: 100,
  isInteger: false,
});

/** What can be set. docs/models/content.md says on which validation data the defaults were chosen. */
export const contentSettings = {
  titleWeight: weight('How often a word of the title counts.', 1),
  descriptionWeight: weight('How often a word of the description counts.', 1),
  categoryWeight: weight('How often each step of the category path counts, as a whole and word by word.', 1),
  featureWeight: weight('How often a tag or attribute counts, as a whole and word by word.', 1),
  lengthNormalization: {
    meaning: 'b of BM25: how far repeats in a long text are discounted, 0 (not) to 1 (wholly).',
    default: 0.5,
    minimum: 0,
    maximum: 1,
    isInteger: false,
    formerNames: ['lengthShare'],
  },
  maxTerms: {
    meaning: 'Terms kept, the most common ones: words, pairs of neighbouring words, categories, tags.',
    default: 60_000,
    minimum: 1,
    maximum: 1_000_000,
    isInteger: true,
    formerNames: ['mostTerms'],
  },
  rank: {
    meaning: 'Numbers a product’s company is told in (the directions in which products are liked together).',
    default: 128,
    minimum: 1,
    maximum: 512,
    isInteger: true,
  },
  fade: {
    meaning: 'What the weakest direction of company counts beside 1 for the strongest. 1: all alike.',
    default: 0.15,
    minimum: 1e-6,
    maximum: 1,
    isInteger: false,
  },
  regularization: {
    meaning: 'Weight λ of a term’s squared length where terms learn what company products keep.',
    default: 0.1,
    minimum: 1e-6,
    maximum: 1000,
    isInteger: false,
  },
  shrinkage: {
    meaning: 'Shoppers a product needs for half of what they say of it to count.',
    default: 5,
    minimum: 0,
    maximum: 1000,
    isInteger: false,
    formerNames: ['trust'],
  },
  likenessWeight: weight('How much likeness of words counts, beside 1 for learned company.', 0.6),
  standingWeight: weight('How much a product’s standing counts, where it has none that of its words.', 0.3),
  wordVectorWeight: weight(
    'How much word vectors count beside 1 for the words themselves. 0: none are trained.',
    0,
  ),
  historyDecay: {
    meaning: 'Weight of each product of a history beside the next later one.',
    default: 0.99,
    minimum: 0.1,
    maximum: 1,
    isInteger: false,
    formerNames: ['recency'],
  },
} as const;

/** Values of all settings. */
export type ContentConfig = SettingValues<typeof contentSettings>;
