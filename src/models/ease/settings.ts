import type { SettingValues } from '../../learning/settings';
import { linkSettings } from '../productLinks';

/** Settings. docs/models/ease.md describes the validation data on which the defaults were chosen. */
export const easeSettings = {
  regularization: {
    meaning:
      'Weight λ of a squared link, multiplied by the power of the product’s data that the exponent gives.',
    default: 500,
    minimum: 1e-6,
    maximum: 1e6,
    isInteger: false,
  },
  regularizationExponent: {
    meaning: 'Exponent ν: 0 regularises all products alike, 1 in proportion to the data of each.',
    default: 0,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  userDamping: {
    meaning: 'Exponent δ: a user who likes W products has weight W^-δ. 0 gives all users the same weight.',
    default: 0,
    minimum: 0,
    maximum: 2,
    isInteger: false,
  },
  popularityExponent: {
    meaning:
      'Exponent by which links to a product are multiplied by (users who like it)^exponent: above 0 favours popular products.',
    default: 0,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  ...linkSettings(500),
} as const;

/** Values of all settings. */
export type EaseConfig = SettingValues<typeof easeSettings>;
