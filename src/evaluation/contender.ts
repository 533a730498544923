import { decodeArtifact } from '../artifact/decode';
import { encodeArtifact } from '../artifact/encode';
import { GatewayError } from '../domain/errors';
import type { SettingOverrides } from '../learning/settings';
import type { TrainContext } from '../learning/trainContext';
import type { Model, Scorer } from '../models/model';
import { modelByName } from '../models/registry';
import type { Snapshot } from '../snapshot/snapshot';
import type { Baseline } from './task';

/** Settings of a model by name. */
export type ModelConfig = SettingOverrides;

/** Inputs of a training besides the snapshot. */
export interface ContenderContext extends Omit<TrainContext, 'previous'> {
  /** Milliseconds since an arbitrary instant. */
  readonly clock: () => number;
}

/** A trained model of the registry as bytes that another thread can load. */
export interface EncodedModel {
  readonly name: string;
  readonly config: ModelConfig;
  readonly bytes: Uint8Array;
}

/** The result of training a contender. */
export interface Trained {
  readonly scorer: Scorer;
  readonly trainSeconds: number;
  readonly artifactBytes: number;
  /** Null for a baseline. */
  readonly encoded: EncodedModel | null;
}

/** A model with its settings, or a baseline. */
export interface Contender {
  readonly name: string;
  /** Settings that differ from the defaults. */
  readonly config: ModelConfig;
  train(snapshot: Snapshot, context: ContenderContext): Promise<Trained>;
}

/**
 * A model as a contender. Its artifact is encoded and decoded again, so that evaluation measures what a gateway would
 * load.
 */
function contenderOf(model: Model, config: ModelConfig): Contender {
  const { name } = model.card;
  return {
    name,
    config,
    async train(snapshot, { clock, ...context }) {
      const start = clock();
      const artifact = await model.train(snapshot, context);
      const trainSeconds = (clock() - start) / 1000;
      const bytes = await encodeArtifact(artifact);
      const scorer = model.load(await decodeArtifact(bytes));
      return { scorer, trainSeconds, artifactBytes: bytes.length, encoded: { name, config, bytes } };
    },
  };
}

/** A baseline as a contender. */
export const baselineContender = ({ name, scorer }: Baseline): Contender => ({
  name,
  config: {},
  train: async (snapshot, { seed, clock }) => {
    const start = clock();
    const trained = scorer(snapshot, seed);
    const trainSeconds = (clock() - start) / 1000;
    return { scorer: trained, trainSeconds, artifactBytes: 0, encoded: null };
  },
});

/** Returns a model of the registry as a contender. @throws {GatewayError} EVALUATION_INVALID */
export function modelContender(name: string, config: ModelConfig): Contender {
  try {
    return contenderOf(modelByName(name, config), config);
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    throw new GatewayError('EVALUATION_INVALID', cause.message, cause.details, { cause });
  }
}
