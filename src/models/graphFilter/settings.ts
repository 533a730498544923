import type { SettingValues } from '../../learning/settings';
import { linkSettings } from '../productLinks';

/** Settings. docs/models/graph-filter.md describes the validation data on which the defaults were chosen. */
export const graphFilterSettings = {
  userDamping: {
    meaning:
      'Exponent δ: a step through a user who likes W products counts W^-2δ. 0.5 is the standard graph filter.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  productDamping: {
    meaning:
      'Exponent β: a step through a product that W users like counts W^-2β. 0.5 is the standard graph filter.',
    default: 0.35,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  sharpening: {
    meaning:
      'Share τ of one further propagation step that is subtracted: it removes what is common to most products and keeps near ones.',
    default: 0.75,
    minimum: 0,
    maximum: 4,
    isInteger: false,
  },
  sharpeningSteps: {
    meaning: 'Number n of sharpening steps.',
    default: 2,
    minimum: 0,
    maximum: 20,
    isInteger: true,
  },
  sharpeningOrder: {
    meaning:
      'Order of the Runge–Kutta method in a sharpening step: 1 is Euler, I − τP; 4 is I − τP + (τP)²/2 − (τP)³/6 + (τP)⁴/24.',
    default: 1,
    minimum: 1,
    maximum: 4,
    isInteger: true,
  },
  lowPassShare: {
    meaning:
      'Weight of the ideal low-pass filter, which keeps the strongest singular vectors of the interactions. 0 disables it.',
    default: 0,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  lowPassVectors: {
    meaning: 'Number of singular vectors that the low-pass filter keeps.',
    default: 256,
    minimum: 1,
    maximum: 1024,
    isInteger: true,
  },
  sourceExponent: {
    meaning: 'Exponent of the popularity of the history product: above 0 lowers the weight of popular ones.',
    default: 0.1,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  popularityExponent: {
    meaning:
      'Exponent by which links to a product are multiplied by (users who like it)^exponent: above 0 favours popular products.',
    default: 0.15,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  ...linkSettings(400),
} as const;

/** Values of all settings. */
export type GraphFilterConfig = SettingValues<typeof graphFilterSettings>;
