import type { Artifact } from '../artifact/artifact';
import type { ThreadPool } from '../numeric/threadPool';

/** What a training run gives a model beside the data. */
export interface TrainContext {
  readonly seed: number;
  readonly threads: ThreadPool;
  /** Called now and then with work done and work in all, in the model's own unit (epochs, rows). */
  readonly onProgress: (done: number, total: number) => void;
  /** When it aborts, `train` rejects with GatewayError CANCELLED at its next step. */
  readonly signal: AbortSignal;
  /** What this model learned last time, with the same settings: a model that can start from it does. */
  readonly previous?: Artifact;
}
