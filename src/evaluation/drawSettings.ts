import {
  isChoice,
  type NumberSetting,
  type Setting,
  type SettingOverrides,
  type Settings,
  type SettingValue,
} from '../learning/settings';
import type { Rng } from '../numeric/rng';

/** How far from its default a setting is looked for, as a factor, where it does not say itself. */
const reach = 10;
/** A setting whose limits span more than this is drawn by its logarithm. */
const wide = 100;

/** Where a setting is looked for. */
function rangeOf({ tune, default: value, minimum, maximum }: NumberSetting): {
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
} {
  if (tune) return tune;
  // A default of 0, or a negative one, has no scale of its own.
  if (value <= 0) return { low: minimum, high: maximum, scale: 'linear' };
  const low = Math.max(minimum, value / reach);
  const high = Math.min(maximum, value * reach);
  return { low, high, scale: low > 0 && maximum / Math.max(minimum, low) > wide ? 'log' : 'linear' };
}

/** Draws a number uniformly, or uniformly in its logarithm, within the setting's limits. */
function drawNumber(rng: Rng, setting: NumberSetting): number {
  const { low, high, scale } = rangeOf(setting);
  const share = rng.uniform();
  const [from, to] = setting.isInteger && scale === 'linear' ? [low - 0.5, high + 0.5] : [low, high];
  const drawn = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  const value = setting.isInteger ? Math.round(drawn) : Number(drawn.toPrecision(4));
  return Math.min(Math.max(value, setting.minimum), setting.maximum);
}

/** Draws a value of one setting: a number within its limits, or one of its choices with equal probability. */
export const drawSetting = (rng: Rng, setting: Setting): SettingValue =>
  isChoice(setting) ? setting.choices[rng.int(setting.choices.length)] : drawNumber(rng, setting);

/** Values for all settings but those that are fixed, in the order of their names as written. */
export function drawSettings(rng: Rng, settings: Settings, fixed: SettingOverrides): SettingOverrides {
  const drawn = Object.entries(settings).map(([name, setting]): [string, SettingValue] => [
    name,
    fixed[name] ?? drawSetting(rng, setting),
  ]);
  return Object.fromEntries(drawn);
}
