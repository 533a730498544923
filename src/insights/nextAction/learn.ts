import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Learned } from '../insight';
import { baselineCandidates, type Candidate, type NextActionConfig, networkCandidate } from './candidates';
import { type GateOutcome, gateOf } from './gate';
import { actionStepsOf } from './steps';
import { servedArrays } from './stored';
import { actionTargetsOf } from './targets';
import { meanLossOf, splitInTime, type Trial, tryCandidate } from './trial';
import { actionVocabularyOf } from './vocabulary';

const candidates: readonly Candidate[] = [...baselineCandidates, networkCandidate];

/** Returns a context whose progress is one part of the whole. */
const partOf = (context: TrainContext, part: number, parts: number): TrainContext => ({
  ...context,
  onProgress: (done, total) => context.onProgress(part + (total > 0 ? Math.min(1, done / total) : 1), parts),
});

/** The candidate to serve, and why. */
interface Choice {
  readonly served: Trial;
  readonly reason: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function reasonOf(best: Trial, { passed, gain, p }: GateOutcome, margin: number): string {
  const figures = `log-loss on validation ${percent(Math.abs(gain))} ${gain >= 0 ? 'below' : 'above'} that of ${best.name}`;
  const test = `not lower in ${percent(p)} of the resamples of shoppers`;
  return passed
    ? `The network is served: ${figures}, ${test}.`
    : `${best.name} is served: the network’s ${figures}, ${test}; ${percent(margin)} and at most 5 % are asked for.`;
}

/** Chooses the network if it beats all baselines on validation data, else the best baseline. */
function chosenOf(trials: readonly Trial[], margin: number, seed: number): Choice {
  const baselines = trials.filter(({ name }) => name !== networkCandidate.name);
  const [network] = trials.filter(({ name }) => name === networkCandidate.name);
  const losses = baselines.map(({ validation }) => meanLossOf(validation));
  const best = baselines[Math.max(0, losses.indexOf(Math.min(...losses)))];
  const outcome = gateOf(network.validation, best.validation, { margin, seed });
  return { served: outcome.passed ? network : best, reason: reasonOf(best, outcome, margin) };
}

/** Returns the figures on test data: of the served candidate without a prefix, and of every candidate with its name as prefix. */
function metricsOf(trials: readonly Trial[], served: Trial): Readonly<Record<string, number | string>> {
  const entries: [string, number | string][] = [['servedBy', served.name]];
  const add = (prefix: string, { after, before, temperatures, validation }: Trial): void => {
    const figures = {
      ...after,
      eceBefore: before['ece'],
      temperature: temperatures.actions,
      validationLogLoss: meanLossOf(validation),
    };
    for (const [name, value] of Object.entries(figures))
      if (Number.isFinite(value)) entries.push([`${prefix}${name}`, value]);
  };
  add('', served);
  for (const trial of trials) add(`${trial.name}/`, trial);
  return Object.fromEntries(entries);
}

/**
 * Trains and measures every candidate on parts of the past, chooses one by the gate, and trains it again on everything, for
 * as many epochs or rounds as were best before. The temperatures are those found on validation data.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function learnNextAction(
  model: string,
  snapshot: Snapshot,
  config: NextActionConfig,
  context: TrainContext,
): Promise<Learned> {
  const { asOf, digest } = snapshot;
  const parts = candidates.length + 1;
  const split = splitInTime(snapshot, config.maxCategories);
  const trials: Trial[] = [];
  for (const [part, candidate] of candidates.entries()) {
    checkCancelled(context);
    trials.push(await tryCandidate(candidate, split, config, partOf(context, part, parts)));
  }
  const { served, reason } = chosenOf(trials, config.margin, context.seed);
  const { temperatures, effort } = served;
  const vocabulary = actionVocabularyOf(snapshot, asOf, config.maxCategories);
  const steps = actionStepsOf(snapshot, vocabulary);
  const learned = actionTargetsOf(steps, { after: Number.NEGATIVE_INFINITY, until: asOf });
  const chosen = candidates[trials.indexOf(served)];
  const material = { steps, categories: vocabulary.categories.length, learned, judged: null, effort };
  const { arrays } = await chosen.learn(material, config, partOf(context, parts - 1, parts));
  context.onProgress(parts, parts);
  return {
    artifact: {
      header: { model, config, snapshotDigest: digest, asOf, seed: context.seed },
      arrays: new Map([...servedArrays({ vocabulary, servedBy: served.name, temperatures }), ...arrays]),
    },
    metrics: metricsOf(trials, served),
    verdict: { passed: Number.isFinite(served.after['logLoss']), reason },
  };
}
