import type { SettingValues } from '../../learning/settings';

/** Settings. docs/models/rated-factors.md describes the validation data on which the defaults were chosen. */
export const ratedFactorsSettings = {
  rank: {
    meaning:
      'Number of factors per shopper and product, besides their biases. A higher number than needed does little harm.',
    default: 16,
    minimum: 1,
    maximum: 128,
    isInteger: true,
  },
  epochs: {
    meaning: 'Number of passes; each solves all users and then all products.',
    default: 20,
    minimum: 1,
    maximum: 200,
    isInteger: true,
  },
  impliedWeight: {
    meaning:
      'Weight of stars implied by other events (such as a purchase without a rating), relative to 1 for given stars.',
    default: 0.1,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  popularityWeight: {
    meaning:
      'Stars that a ranking adds for each e-fold increase in opinions on a product. With expected stars alone, rare products rank first.',
    default: 0.5,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
} as const;

/** Values of all settings. */
export type RatedFactorsConfig = SettingValues<typeof ratedFactorsSettings>;
