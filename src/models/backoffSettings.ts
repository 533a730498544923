import type { Settings, SettingValues } from '../learning/settings';

/** Stands for a strength that training chooses on a trial: `auto` in settings. */
const automaticStrength = -1;

/** Settings of models that fall back to categories and popularity (backoff.ts). */
export const backoffSettings = {
  backoffStrength: {
    meaning:
      'Evidence θ about a product at which its own counts weigh as much as its category. 0: own counts alone. auto: chosen on a trial.',
    default: automaticStrength,
    auto: automaticStrength,
    minimum: 0,
    maximum: 1_000_000,
    isInteger: false,
  },
  backoffSpread: {
    meaning:
      'Which products of a category are likely. popularity: the popular ones. even: all alike. auto: the better one on a trial.',
    default: 'auto',
    choices: ['auto', 'popularity', 'even'],
  },
} as const satisfies Settings;

/** Values of {@link backoffSettings}. */
export type BackoffConfig = SettingValues<typeof backoffSettings>;

/** The same, of which none is `auto`. */
export interface ChosenBackoff {
  readonly backoffStrength: number;
  readonly backoffSpread: 'popularity' | 'even';
}

/** Returns whether a trial chooses the strength. */
export const isOpenStrength = ({ backoffStrength }: BackoffConfig): boolean =>
  backoffStrength === automaticStrength;
