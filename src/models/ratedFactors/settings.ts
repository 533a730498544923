import type { SettingValues } from '../../learning/settings';

/** What can be set. docs/models/rated-factors.md says on which validation data the defaults were chosen. */
export const ratedFactorsSettings = {
  rank: {
    meaning: 'Factors a shopper and a product have beside their biases. More than are needed do little harm.',
    default: 16,
    minimum: 1,
    maximum: 128,
    isInteger: true,
  },
  epochs: {
    meaning: 'Times that all users and then all products are solved.',
    default: 20,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  impliedWeight: {
    meaning:
      'What stars implied by other events (a purchase without a rating) count, beside 1 for given stars.',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  popularityWeight: {
    meaning:
      'Stars that a ranking adds for each e-fold of opinions a product has. Expected stars alone rank rarities first.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type RatedFactorsConfig = SettingValues<typeof ratedFactorsSettings>;
