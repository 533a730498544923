import { decodeArtifact } from '../../../artifact/decode';
import { encodeArtifact } from '../../../artifact/encode';
import { GatewayError } from '../../../domain/errors';
import { declares } from '../../../models/capability';
import type { Model, ModelCard, Scorer } from '../../../models/model';
import { modelByName, modelFactories } from '../../../models/registry';
import type { ThreadPool } from '../../../numeric/threadPool';
import type { Snapshot } from '../../../snapshot/snapshot';
import { type EvaluateOptions, invalid } from './options';
import type { ThreadedModel } from './scoringThreads';
import type { Baseline } from './task';

/** What training goes by. */
export interface TrainingRun {
  readonly seed: number;
  readonly threads: ThreadPool;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Something trained. */
export interface Trained {
  readonly scorer: Scorer;
  readonly trainSeconds: number;
  readonly artifactBytes: number;
  /** What threads can load; null for a baseline. */
  readonly threaded: ThreadedModel | null;
}

/** A model with its settings, or a baseline. */
export interface Contender {
  readonly name: string;
  /** Settings that differ from the defaults. */
  readonly config: Readonly<Record<string, number>>;
  train(snapshot: Snapshot, run: TrainingRun): Promise<Trained>;
}

/**
 * A model as a contender. What is measured is the artifact as a gateway would load it: encoded to bytes and decoded
 * again.
 */
function contenderOf(model: Model, config: Readonly<Record<string, number>>): Contender {
  const { name } = model.card;
  return {
    name,
    config,
    async train(snapshot, run) {
      const start = performance.now();
      const artifact = await model.train(snapshot, run);
      const trainSeconds = (performance.now() - start) / 1000;
      const bytes = await encodeArtifact(artifact);
      const scorer = model.load(await decodeArtifact(bytes));
      const threaded = { name, config, bytes };
      return { scorer, trainSeconds, artifactBytes: bytes.length, threaded };
    },
  };
}

/** A baseline as a contender. */
export const baselineContender = ({ name, scorer }: Baseline): Contender => ({
  name,
  config: {},
  train: async (snapshot, { seed }) => {
    const start = performance.now();
    const trained = scorer(snapshot, seed);
    const trainSeconds = (performance.now() - start) / 1000;
    return { scorer: trained, trainSeconds, artifactBytes: 0, threaded: null };
  },
});

/** A model by its name. @throws {GatewayError} EVALUATION_INVALID */
export function modelContender(name: string, config: Readonly<Record<string, number>>): Contender {
  try {
    return contenderOf(modelByName(name, config), config);
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    throw new GatewayError('EVALUATION_INVALID', cause.message, cause.details, { cause });
  }
}

/** Models evaluated by default: those that predict ratings, or all that can learn from the task's files. */
function defaultModels(task: string): readonly string[] {
  const isDefault = (card: ModelCard): boolean =>
    task === 'rating' ? declares(card, 'rate') : card.needs.documents === undefined || task === 'cold-items';
  return modelFactories.filter(factory => isDefault(factory.create().card)).map(factory => factory.name);
}

/**
 * All models that were asked for, made before anything is read, so that a misspelt setting costs no time.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export function createContenders(options: EvaluateOptions): readonly Contender[] {
  const { models = defaultModels(options.task), set = [] } = options;
  const stray = set.find(override => !models.includes(override.model));
  if (stray)
    throw invalid(`--set for a model in --models (${models.join(', ')})`, stray.model, 'Add it there.');
  if (options.models?.length === 0) throw invalid('at least one model in --models', 'none', 'Name one.');
  return models.map(name => {
    const own = set.filter(override => override.model === name);
    return modelContender(name, Object.fromEntries(own.map(({ setting, value }) => [setting, value])));
  });
}
