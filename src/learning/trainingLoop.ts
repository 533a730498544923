import { pause } from '../numeric/pause';
import { checkCancelled } from './cancelled';
import { createEarlyStopping, type EarlyStopping } from './earlyStopping';
import type { NetworkParameters, ShardGradients } from './gradients';
import { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizer';
import type { Schedule } from './schedule';
import type { TrainContext } from './trainContext';
import type { WorkerGroup } from './workerGroup';

/** A network as the training loop sees it. Its arrays are in the arena of the loop's worker group. */
export interface TrainableNetwork<Batch> {
  readonly parameters: NetworkParameters;
  /** Where {@link computeGradients} leaves gradients: the same arrays at every step. */
  readonly shards: readonly ShardGradients[];
  /** Draws the batches of an epoch; called once at the start of each. */
  drawBatches(epoch: number): readonly Batch[];
  /**
   * Writes a batch into the workspaces of the shards and runs the tasks that leave the gradients of its mean loss there,
   * from zeros.
   *
   * @param step - 1 for the first of all epochs
   */
  computeGradients(batch: Batch, step: number): Promise<void>;
  /** Loss on held-out data; called after each epoch. Present: training stops early and keeps the best epoch. */
  validationLoss?(): Promise<number>;
}

/** How long and how fast a network learns. */
export interface TrainingOptions extends OptimizerOptions {
  /** At most, where there is a validation loss. */
  readonly epochs: number;
  readonly schedule: Schedule;
  /** Epochs without a lower validation loss after which training stops, ≥ 1; `epochs` by default. */
  readonly patience?: number;
}

/** Result of a training. */
export interface TrainingResult {
  /** Epochs that the parameters were trained for: the best with a validation loss, else all. */
  readonly epochs: number;
}

async function runEpoch<Batch>(
  network: TrainableNetwork<Batch>,
  optimizer: Optimizer,
  { epochs, schedule }: TrainingOptions,
  context: TrainContext,
  { epoch, stepsBefore }: { readonly epoch: number; readonly stepsBefore: number },
): Promise<number> {
  const batches = network.drawBatches(epoch);
  let step = stepsBefore;
  for (const [index, batch] of batches.entries()) {
    await pause();
    checkCancelled(context);
    const progress = (epoch + index / batches.length) / epochs;
    context.onProgress(epoch + index / batches.length, epochs);
    step++;
    await network.computeGradients(batch, step);
    await optimizer.step(step, schedule(progress, step));
  }
  return step;
}

/** Returns whether training goes on after an epoch. */
async function isWorthwhile<Batch>(
  network: TrainableNetwork<Batch>,
  stopping: EarlyStopping | null,
  epoch: number,
): Promise<boolean> {
  if (!stopping || !network.validationLoss) return true;
  return stopping.isWorthwhile(epoch, await network.validationLoss());
}

/**
 * Trains a network in place: for each batch its gradients, their sum over shards, clipping, and a step of Adam. The same
 * network, options and seed give the same bytes on any number of threads. Progress is in epochs.
 *
 * @throws {GatewayError} CANCELLED before the next step or task after the signal aborts
 * @throws {RangeError} when gradients do not have the shape of the parameters, or an option is out of range
 */
export async function runTrainingLoop<Batch>(
  network: TrainableNetwork<Batch>,
  workers: WorkerGroup,
  options: TrainingOptions,
  context: TrainContext,
): Promise<TrainingResult> {
  const { epochs, patience = epochs } = options;
  if (!(epochs >= 1 && patience >= 1))
    throw new RangeError(`Expected epochs and patience of at least 1; got ${epochs} and ${patience}.`);
  checkCancelled(context);
  const optimizer = createOptimizer(workers, network.parameters, network.shards, options);
  const stopping = network.validationLoss ? createEarlyStopping(network.parameters, patience) : null;
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    steps = await runEpoch(network, optimizer, options, context, { epoch, stepsBefore: steps });
    if (!(await isWorthwhile(network, stopping, epoch))) break;
  }
  context.onProgress(epochs, epochs);
  return { epochs: stopping ? stopping.restore() : epochs };
}
