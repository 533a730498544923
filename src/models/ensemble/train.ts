// 1. Hold out what the gate holds out: the latest events of all shoppers (trial.ts).
// 2. Train every part on the rest, and score a sample of the shoppers with it.
// 3. Choose weights for the sum of the parts' standardised scores that rank the held-out products best (weights.ts).
// 4. Where a part knows repeats, map the sum to its log-odds, so that both kinds share one list (blend.ts).
// 5. Train the parts that are used again, on all data.
//
// Cost: two trainings of each part that is used, one of each other, scoring trialUsers × parts, and some seconds for the weights.

import type { Artifact } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import type { Snapshot } from '../../snapshot/snapshot';
import { can } from '../capability';
import type { Model, Scorer } from '../model';
import { type Blend, fitBlend } from './blend';
import { type Trial, type TrialAnswer, trialAnswers, trialOf } from './trial';
import { chooseWeights, type WeighedPart } from './weights';

/** A model that may take part. */
export interface Candidate {
  readonly model: Model;
  /** Null when it is to be chosen on a trial. */
  readonly weight: number | null;
}

/** A part that is used. */
export interface TrainedPart {
  readonly artifact: Artifact;
  /** 0 for a part that only tells repeats. */
  readonly weight: number;
}

/** What training chose. */
export interface TrainedEnsemble {
  /** One entry per candidate; null for those that are not used. */
  readonly parts: readonly (TrainedPart | null)[];
  /** The part that tells repeats, and their scale; null when bought products have sums like all others. */
  readonly repeats: { readonly index: number; readonly blend: Blend } | null;
  /** A sentence about what the trial chose; null without a trial. */
  readonly reason: string | null;
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

/** Answers between two checks of the signal. */
const answersAtOnce = 64;

/** A candidate that could learn from the trial's training part. */
interface Tried extends Candidate {
  /** Among the candidates. */
  readonly index: number;
  readonly scorer: Scorer;
}

/** Asks the trial. @throws {GatewayError} CANCELLED */
async function collectAnswers(
  tried: readonly Tried[],
  trial: Trial,
  trialUsers: number,
  context: TrainContext,
): Promise<readonly TrialAnswer[]> {
  const scorers = tried.map(({ scorer }) => scorer);
  const answers: TrialAnswer[] = [];
  for (const answer of trialAnswers(scorers, trial, trialUsers, context.seed)) {
    answers.push(answer);
    if (answers.length % answersAtOnce !== 0) continue;
    await pause();
    checkCancelled(context);
  }
  return answers;
}

/** Returns weights of the parts of a trial. */
function weigh(tried: readonly Tried[], answers: readonly TrialAnswer[]): readonly number[] {
  const parts = tried.map(
    ({ weight, model }): WeighedPart => ({
      fixed: weight,
      isPopular: model.card.servesAs === 'POPULAR',
    }),
  );
  const questions = answers.flatMap(({ question }) => (question.relevant > 0 ? [question] : []));
  const isAsked = questions.length > 0 && parts.some(({ fixed }) => fixed === null);
  return isAsked ? chooseWeights(questions, parts).weights : parts.map(({ fixed }) => fixed ?? 1);
}

/** Says which parts the trial chose. */
function reasonOf(tried: readonly Tried[], weights: readonly number[]): string {
  const used = tried.filter((_, place) => weights[place] > 0).map(({ model }) => model.card);
  const names = used.map(({ name }) => name).join(', ');
  if (used.length > 1) return `Best in the trial: the sum of ${names}.`;
  const kind = used.some(({ servesAs }) => servesAs === 'POPULAR')
    ? 'the same list for every shopper'
    : 'one part alone';
  return `Best in the trial: ${kind}, ${names}. No sum of parts is better by more than noise.`;
}

/** Weights of all candidates, and the scale of repeats. */
interface Chosen extends Omit<TrainedEnsemble, 'parts'> {
  readonly weights: readonly number[];
}

/** Chooses weights by a trial: 0 for a candidate with insufficient data. */
async function chooseOnTrial(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  { trialUsers, holdOutShare }: TrialSettings,
  context: TrainContext,
): Promise<Chosen> {
  const trial = await trialOf(snapshot, holdOutShare, context.seed);
  const models = candidates.map(({ model }) => model);
  const artifacts = await trainAll(models, trial.split.train, context, { from: 0, to: trialShare });
  const tried = candidates.flatMap((candidate, index): readonly Tried[] => {
    const artifact = artifacts[index];
    return artifact ? [{ ...candidate, index, scorer: candidate.model.load(artifact) }] : [];
  });
  const answers = tried.length > 0 ? await collectAnswers(tried, trial, trialUsers, context) : [];
  const weightsOfTried = weigh(tried, answers);
  const weights = candidates.map(() => 0);
  for (const [place, { index }] of tried.entries()) weights[index] = weightsOfTried[place];
  const asked = answers.flatMap(({ question, later }) => (later === null ? [] : [{ question, later }]));
  const blend = asked.length > 0 ? fitBlend(asked, weightsOfTried) : null;
  const teller = tried.find(({ scorer }) => can(scorer, 'buyAgain'));
  return {
    weights,
    repeats: blend !== null && teller !== undefined ? { index: teller.index, blend } : null,
    reason: answers.length > 0 ? reasonOf(tried, weightsOfTried) : null,
  };
}

/**
 * Chooses weights where they are not given, and trains every part that is used.
 *
 * @throws {GatewayError} CANCELLED; TRAINING_DATA_INSUFFICIENT when no candidate can learn
 */
export async function trainParts(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  settings: TrialSettings,
  context: TrainContext,
): Promise<TrainedEnsemble> {
  checkCancelled(context);
  const isOpen = candidates.some(({ weight }) => weight === null);
  const { weights, repeats, reason } = isOpen
    ? await chooseOnTrial(candidates, snapshot, settings, context)
    : { weights: candidates.map(({ weight }) => weight ?? 0), repeats: null, reason: null };
  const used = candidates.flatMap(({ model }, index) =>
    weights[index] > 0 || repeats?.index === index ? [{ model, index }] : [],
  );
  const models = used.map(({ model }) => model);
  const artifacts = await trainAll(models, snapshot, context, { from: isOpen ? trialShare : 0, to: 1 });
  const parts: (TrainedPart | null)[] = candidates.map(() => null);
  for (const [place, { index }] of used.entries()) {
    const artifact = artifacts[place];
    if (artifact) parts[index] = { artifact, weight: weights[index] };
  }
  if (parts.some(part => part !== null && part.weight > 0)) return { parts, repeats, reason };
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected enough events for one of ${candidates.length} models; got ${snapshot.events.length} events, too few ` +
      'for each. Import or track more events first.',
    { events: snapshot.events.length },
  );
}
