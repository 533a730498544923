import type { Artifact } from '../artifact/artifact';
import type { ThreadPool } from '../numeric/threadPool';
import type { SettingOverrides } from './settings';

/** A model that another one contains, with the values of all its settings. */
export interface OtherModel {
  readonly name: string;
  readonly settings: SettingOverrides;
}

/** Arguments of a training beside the data. */
export interface TrainContext {
  readonly seed: number;
  readonly threads: ThreadPool;
  /** Called during training with the work done and the work in all, in the model's own unit (epochs, rows). */
  readonly onProgress: (done: number, total: number) => void;
  /** When it aborts, `train` rejects with GatewayError CANCELLED at its next step. */
  readonly signal: AbortSignal;
  /** The artifact of the previous training with the same settings. Models that can do so start from it. */
  readonly previous?: Artifact;
  /**
   * What the same run trained on the part before the held-out events, and measured; absent while that is trained. A model may keep
   * what it chose there by a trial of its own, instead of a second trial.
   */
  readonly measured?: Artifact;
  /**
   * Returns what the default training of another model made of the same data with the same seed, if that is published: training it
   * again would give the same. Null where there is none.
   */
  readonly publishedOf?: (model: OtherModel, snapshotDigest: string) => Promise<Artifact | null>;
}
