import {
  isChoice,
  type NumberSetting,
  type Setting,
  type SettingOverrides,
  type Settings,
  type SettingValue,
} from '../learning/settings';
import type { Rng } from '../numeric/rng';

/** A setting without a range of its own is drawn between its default divided by this factor and multiplied by it. */
const reachFactor = 10;
/** A setting whose limits span more than this factor is drawn on a logarithmic scale. */
const maxLinearSpan = 100;

/** The range to draw a setting from. */
function rangeOf({ tune, default: value, minimum, maximum }: NumberSetting): {
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
} {
  if (tune) return tune;
  // A default of 0 or less has no scale.
  if (value <= 0) return { low: minimum, high: maximum, scale: 'linear' };
  const low = Math.max(minimum, value / reachFactor);
  const high = Math.min(maximum, value * reachFactor);
  return { low, high, scale: low > 0 && maximum / Math.max(minimum, low) > maxLinearSpan ? 'log' : 'linear' };
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

/** Draws values for all settings, in their order; those in `fixed` keep their value. */
export function drawSettings(rng: Rng, settings: Settings, fixed: SettingOverrides): SettingOverrides {
  const drawn = Object.entries(settings).map(([name, setting]): [string, SettingValue] => [
    name,
    fixed[name] ?? drawSetting(rng, setting),
  ]);
  return Object.fromEntries(drawn);
}
