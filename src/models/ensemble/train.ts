// 1. Hold out the products that shoppers chose last (or a random share, where events have no order).
// 2. Train every part on the rest, and score a sample of those shoppers with it.
// 3. Choose weights for the sum of the parts' standardised scores that rank the held-out products best
// (weights.ts).
// 4. Train the parts that got a weight again, on all data.
//
// Cost: two trainings of each part that gets a weight, one of each other, and scoring trialUsers × parts.

import type { Artifact } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Model } from '../model';
import { trialQuestions, trialSplit } from './trial';
import { chooseWeights, type TrialQuestion } from './weights';

/** A model that may take part. */
export interface Candidate {
  readonly model: Model;
  /** Null when it is to be chosen on a trial. */
  readonly weight: number | null;
}

/** A part with a weight above 0. */
export interface TrainedPart {
  readonly artifact: Artifact;
  readonly weight: number;
}

/** Settings of the trial. */
export interface TrialSettings {
  readonly trialUsers: number;
  readonly holdOutShare: number;
}

/** Share of the trial in the total work, for progress. */
const trialShare = 0.5;

/** Trains models one after the other; null for those with insufficient data. */
async function trainAll(
  models: readonly Model[],
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
  }
  return artifacts;
}

async function trainedOrNull(
  model: Model,
  snapshot: Snapshot,
  { seed, threads, signal, onProgress }: TrainContext,
): Promise<Artifact | null> {
  try {
    return await model.train(snapshot, { seed, threads, signal, onProgress });
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'TRAINING_DATA_INSUFFICIENT') return null;
    throw error;
  }
}

/** Questions between two checks of the signal. */
const questionsAtOnce = 64;

/** Returns the weights of candidates by a trial: 0 for a candidate with insufficient data. */
async function weightsOnTrial(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  settings: TrialSettings,
  context: TrainContext,
): Promise<readonly number[]> {
  const split = await trialSplit(snapshot, settings.holdOutShare, context.seed);
  const models = candidates.map(({ model }) => model);
  const artifacts = await trainAll(models, split.train, context, { from: 0, to: trialShare });
  const trained = candidates.flatMap(({ model, weight }, index) => {
    const artifact = artifacts[index];
    return artifact ? [{ index, weight, scorer: model.load(artifact) }] : [];
  });
  const scorers = trained.map(({ scorer }) => scorer);
  const questions: TrialQuestion[] = [];
  for (const question of trialQuestions(scorers, split, settings.trialUsers)) {
    questions.push(question);
    if (questions.length % questionsAtOnce !== 0) continue;
    await pause();
    checkCancelled(context);
  }
  const fixed = trained.map(({ weight }) => weight);
  const chosen =
    questions.length > 0 && fixed.includes(null)
      ? chooseWeights(questions, fixed).weights
      : fixed.map(weight => weight ?? 1);
  const weights = candidates.map(() => 0);
  for (const [place, { index }] of trained.entries()) weights[index] = chosen[place];
  return weights;
}

/**
 * Chooses weights where they are not given, and trains every part with a weight above 0.
 *
 * @returns one entry per candidate; null for those without a weight
 * @throws {GatewayError} CANCELLED; TRAINING_DATA_INSUFFICIENT when no candidate can learn
 */
export async function trainParts(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  settings: TrialSettings,
  context: TrainContext,
): Promise<readonly (TrainedPart | null)[]> {
  checkCancelled(context);
  const isOpen = candidates.some(({ weight }) => weight === null);
  const weights = isOpen
    ? await weightsOnTrial(candidates, snapshot, settings, context)
    : candidates.map(({ weight }) => weight ?? 0);
  const weighted = candidates.flatMap(({ model }, index) => (weights[index] > 0 ? [{ model, index }] : []));
  const models = weighted.map(({ model }) => model);
  const artifacts = await trainAll(models, snapshot, context, { from: isOpen ? trialShare : 0, to: 1 });
  const parts: (TrainedPart | null)[] = candidates.map(() => null);
  for (const [place, { index }] of weighted.entries()) {
    const artifact = artifacts[place];
    if (artifact) parts[index] = { artifact, weight: weights[index] };
  }
  if (parts.some(part => part !== null)) return parts;
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected enough events for one of ${candidates.length} models; got ${snapshot.events.length} events, too few ` +
      'for each. Import or track more events first.',
    { events: snapshot.events.length },
  );
}
