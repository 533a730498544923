import type { SettingValues } from '../../learning/settings';
import { linkSettings } from '../productLinks';

/** What can be set. docs/models/graph-filter.md says on which validation data the defaults were chosen. */
export const graphFilterSettings = {
  userDamping: {
    meaning:
      'Exponent δ: a step through a user who likes W products counts W^-2δ. 0.5 is the usual graph filter.',
    default: 0.2,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  productDamping: {
    meaning: 'Exponent: a step through a product that W users like counts W^-(twice this). 0.5 is the usual.',
    default: 0.35,
    minimum: 0,
    maximum: 1,
    isInteger: false,
  },
  sharpening: {
    meaning: 'Share τ of one step further that is taken off: what is only common goes, what is near stays.',
    default: 0.75,
    minimum: 0,
    maximum: 4,
    isInteger: false,
  },
  sharpeningSteps: {
    meaning: 'How often it is taken off: n.',
    default: 2,
    minimum: 0,
    maximum: 20,
    isInteger: true,
  },
  sharpeningOrder: {
    meaning:
      'Order of the Runge–Kutta step that takes it off: 1 is Euler, I − τP; 4 is I − τP + (τP)²/2 − (τP)³/6 + (τP)⁴/24.',
    default: 1,
    minimum: 1,
    maximum: 4,
    isInteger: true,
  },
  lowPassShare: {
    meaning:
      'Share of the ideal low-pass filter: what the strongest patterns of the shop say. 0 leaves it out.',
    default: 0,
    minimum: 0,
    maximum: 10,
    isInteger: false,
  },
  lowPassVectors: {
    meaning: 'How many patterns (singular vectors) the low-pass filter lets through.',
    default: 256,
    minimum: 1,
    maximum: 1024,
    isInteger: true,
  },
  sourceExponent: {
    meaning: 'Exponent of the popularity of the product in the history: above 0 lets the popular say less.',
    default: 0.1,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  popularityExponent: {
    meaning: 'Links to a product are multiplied by (users who like it)^this: above 0 favours the popular.',
    default: 0.15,
    minimum: -1,
    maximum: 1,
    isInteger: false,
  },
  ...linkSettings(400),
} as const;

/** Values of all settings. */
export type GraphFilterConfig = SettingValues<typeof graphFilterSettings>;
