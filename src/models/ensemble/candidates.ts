import type { Artifact } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import type { SettingOverrides } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Model } from '../model';

/** A model that may take part. */
export interface Candidate {
  readonly model: Model;
  /** Values of all its settings. */
  readonly settings: SettingOverrides;
  /** Null when it is to be chosen on a trial. */
  readonly weight: number | null;
}

/** A candidate to train, and its artifact of a trial on less data, from which its training may start. */
export interface ToTrain {
  readonly candidate: Candidate;
  readonly measured: Artifact | null;
}

/** Returns a published artifact that training would make again, or trains the model; null with insufficient data. */
async function trainedOrNull(
  { candidate: { model, settings }, measured }: ToTrain,
  snapshot: Snapshot,
  { seed, threads, signal, onProgress, publishedOf }: TrainContext,
): Promise<Artifact | null> {
  const published = await publishedOf?.({ name: model.card.name, settings }, snapshot.digest);
  if (published) return published;
  try {
    return await model.train(snapshot, { seed, threads, signal, onProgress, ...(measured && { measured }) });
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'TRAINING_DATA_INSUFFICIENT') return null;
    throw error;
  }
}

/**
 * Trains models one after the other; null for those with insufficient data.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainAll(
  models: readonly ToTrain[],
  snapshot: Snapshot,
  context: TrainContext,
  span: { readonly from: number; readonly to: number },
): Promise<readonly (Artifact | null)[]> {
  const artifacts: (Artifact | null)[] = [];
  const width = (span.to - span.from) / Math.max(1, models.length);
  for (const [index, model] of models.entries()) {
    const start = span.from + index * width;
    const onProgress = (done: number, total: number): void =>
      context.onProgress(start + (total > 0 ? (width * done) / total : 0), 1);
    artifacts.push(await trainedOrNull(model, snapshot, { ...context, onProgress }));
    context.onProgress(start + width, 1);
  }
  return artifacts;
}
