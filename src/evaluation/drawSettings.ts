import type { Setting, Settings } from '../learning/settings';
import type { Rng } from '../numeric/rng';

/** A setting without a range of its own is drawn between its default divided by this factor and multiplied by it. */
const reach = 10;
/** A setting whose limits span more than this factor is drawn on a logarithmic scale. */
const wide = 100;

/** The range to draw a setting from. */
function rangeOf({ tune, default: value, minimum, maximum }: Setting): {
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
} {
  if (tune) return tune;
  // A default of 0 or less has no scale.
  if (value <= 0) return { low: minimum, high: maximum, scale: 'linear' };
  const low = Math.max(minimum, value / reach);
  const high = Math.min(maximum, value * reach);
  return { low, high, scale: low > 0 && maximum / Math.max(minimum, low) > wide ? 'log' : 'linear' };
}

/** Draws a value of one setting, uniformly or uniformly in its logarithm, within the limits of the setting. */
export function drawSetting(rng: Rng, setting: Setting): number {
  const { low, high, scale } = rangeOf(setting);
  const share = rng.uniform();
  const [from, to] = setting.isInteger && scale === 'linear' ? [low - 0.5, high + 0.5] : [low, high];
  const drawn = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  const value = setting.isInteger ? Math.round(drawn) : Number(drawn.toPrecision(4));
  return Math.min(Math.max(value, setting.minimum), setting.maximum);
}

/** Draws values for all settings, in their order; those in `fixed` keep their value. */
export function drawSettings(
  rng: Rng,
  settings: Settings,
  fixed: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const drawn = Object.entries(settings).map(([name, setting]): [string, number] => [
    name,
    fixed[name] ?? drawSetting(rng, setting),
  ]);
  return Object.fromEntries(drawn);
}
