import type { Artifact } from '../artifact/artifact';
import type { ThreadPool } from '../numeric/threadPool';

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
}
