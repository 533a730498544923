import { GatewayError } from '../../../domain/errors';
import { drawSettings } from '../../../evaluation/tuning';
import { modelFactories } from '../../../models/registry';
import { createRng } from '../../../numeric/rng';
import { type Contender, modelContender } from './contender';
import { isHigherBetter } from './task';

/** One trial of settings. */
export interface Trial {
  readonly config: Readonly<Record<string, number>>;
  /** The figure on the validation hold-out; NaN where the settings do not go together. */
  readonly value: number;
}

/** What a search found. */
export interface Tuned {
  readonly contender: Contender;
  /** In the order in which they were tried; the first are the settings as given. */
  readonly trials: readonly Trial[];
}

/** How to search. */
export interface TuneOptions {
  readonly trials: number;
  readonly seed: number;
  readonly metric: string;
  /** The figure of a contender on the validation hold-out. */
  readonly measure: (contender: Contender) => Promise<number>;
}

/** Runs a trial; settings that a model refuses together, when it is made or when it learns, are no find. */
async function tryOut(
  name: string,
  config: Trial['config'],
  measure: TuneOptions['measure'],
): Promise<number> {
  try {
    return await measure(modelContender(name, config));
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'CANCELLED') return Number.NaN;
    throw error;
  }
}

/** `--set` for a shell. */
export const setLine = ({ name, config }: Pick<Contender, 'name' | 'config'>): string =>
  Object.entries(config)
    .map(([setting, value]) => `--set ${name}.${setting}=${value}`)
    .join(' ');

/**
 * Random search (Bergstra & Bengio 2012) over a model's settings, but for those that were given: the settings as they
 * are, then so many drawn ones. The best of them by a figure on the validation hold-out, ties to the earlier. A model
 * without settings is left as it is.
 */
export async function tune(contender: Contender, options: TuneOptions): Promise<Tuned> {
  const { name, config } = contender;
  const settings = modelFactories.find(factory => factory.name === name)?.settings ?? {};
  if (Object.keys(settings).every(setting => setting in config)) return { contender, trials: [] };
  const rng = createRng(options.seed);
  const sign = isHigherBetter(options.metric) ? 1 : -1;
  const trials: Trial[] = [];
  let best: Trial = { config, value: Number.NaN };
  for (let trial = 0; trial < options.trials; trial++) {
    const tried = trial === 0 ? config : drawSettings(rng, settings, config);
    const value = await tryOut(name, tried, options.measure);
    trials.push({ config: tried, value });
    const isFirst = Number.isNaN(best.value) && !Number.isNaN(value);
    if (isFirst || sign * value > sign * best.value) best = { config: tried, value };
  }
  // Where no trial worked the settings stay as given: the report then says why they do not.
  return { contender: modelContender(name, best.config), trials };
}
