import type { Setting, Settings } from '../learning/settings';
import type { Rng } from '../numeric/rng';

/** How far from its default a setting is looked for, as a factor, where it does not say itself. */
const reach = 10;
/** A setting whose limits span more than this is drawn by its logarithm. */
const wide = 100;

/** Where a setting is looked for. */
function rangeOf({ tune, default: value, minimum, maximum }: Setting): {
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

/** A value of one setting, drawn uniformly or uniformly in its logarithm, within the setting's limits. */
export function drawSetting(rng: Rng, setting: Setting): number {
  const { low, high, scale } = rangeOf(setting);
  const share = rng.uniform();
  const [from, to] = setting.isInteger && scale === 'linear' ? [low - 0.5, high + 0.5] : [low, high];
  const drawn = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  const value = setting.isInteger ? Math.round(drawn) : Number(drawn.toPrecision(4));
  return Math.min(Math.max(value, setting.minimum), setting.maximum);
}

/** Values for all settings but those that are fixed, in the order of their names as written. */
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
