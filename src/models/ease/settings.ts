import type { SettingValues } from '../../learning/settings';
import { linkSettings } from '../productLinks';

/** What can be set. docs/models/ease.md says on which validation data the defaults were chosen. */
export const easeSettings = {
  regularization: {
    meaning: 'Weight λ of a link squared, times what the exponent makes of what is known of the product.',
    default: 500,
    minimum: 1e-6,
    maximum: 1e6,
    isInteger: false,
  },
  regularizationExponent: {
    meaning: 'Exponent ν: 0 regularises all products alike, 1 in proportion to how much is known of each.',
    default: 0,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  userDamping: {
    meaning: 'Exponent δ: a user who likes W products weighs W^-δ. 0 lets every user weigh alike.',
    default: 0,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  popularityExponent: {
    meaning: 'Links to a product are multiplied by (users who like it)^this: above 0 favours the popular.',
    default: 0,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  ...linkSettings(500),
} as const;

/** Values of all settings. */
export type EaseConfig = SettingValues<typeof easeSettings>;
