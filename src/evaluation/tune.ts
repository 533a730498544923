import { GatewayError } from '../domain/errors';
import { modelFactories } from '../models/registry';
import { createRng } from '../numeric/rng';
import { type Contender, type ModelConfig, modelContender } from './contender';
import { drawSettings } from './drawSettings';
import { isHigherBetter } from './task';

/** One trial of settings. */
export interface Trial {
  readonly config: ModelConfig;
  /** The metric on the validation hold-out; NaN where the model refuses the combination of settings. */
  readonly value: number;
}

/** The result of a search. */
export interface Tuned {
  /** The model with the best settings. */
  readonly contender: Contender;
  /** In the order in which they ran. The first has the settings as given. */
  readonly trials: readonly Trial[];
}

/** How to search. */
export interface TuneOptions {
  readonly trials: number;
  readonly seed: number;
  readonly metric: string;
  /** Returns the metric of a contender on the validation hold-out. */
  readonly measure: (contender: Contender) => Promise<number>;
}

/** Runs a trial. Returns NaN when the model refuses the settings, on creation or during training. */
async function tryOut(name: string, config: ModelConfig, measure: TuneOptions['measure']): Promise<number> {
  try {
    return await measure(modelContender(name, config));
  } catch (error) {
    if (error instanceof GatewayError && error.code !== 'CANCELLED') return Number.NaN;
    throw error;
  }
}

/** Formats settings as `--set` options for a shell. */
export const setLine = ({ name, config }: Pick<Contender, 'name' | 'config'>): string =>
  Object.entries(config)
    .map(([setting, value]) => `--set ${name}.${setting}=${value}`)
    .join(' ');

/**
 * Random search (Bergstra & Bengio 2012) over the settings of a model that were not given. The first trial has the
 * settings as given, the others have random ones. Returns the best by the metric on the validation hold-out; on a tie,
 * the earlier. A model without open settings is returned unchanged.
 */
export async function tune(contender: Contender, options: TuneOptions): Promise<Tuned> {
  const { name, config } = contender;
  const settings = modelFactories.find(factory => factory.name === name)?.settings ?? {};
  if (Object.keys(settings).every(setting => Object.hasOwn(config, setting)))
    return { contender, trials: [] };
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
  // When every trial failed, the settings stay as given and the final run reports the error.
  return { contender: modelContender(name, best.config), trials };
}
