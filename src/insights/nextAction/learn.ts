import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Learned } from '../insight';
import { baselineCandidates, type Candidate, type NextActionConfig, networkCandidate } from './candidates';
import { type GateOutcome, gateOf } from './gate';
import { actionStepsOf } from './steps';
import { servedArrays } from './stored';
import { actionTargetsOf, unknownTarget } from './targets';
import { meanLossOf, type SplitTargets, splitInTime, type Trial, tryCandidate } from './trial';
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

/** Why the simplest baseline is served where at most one action ever follows. */
const nothingToTell =
  'is served: at most one action ever follows, so no other candidate was trained. ' +
  'Where every session is one order, only its end follows.';

/** Returns whether at most one action follows the steps that candidates learn and are chosen on. */
function isForegone({ train, validation }: SplitTargets): boolean {
  const known = new Set([...train.next, ...validation.next]);
  known.delete(unknownTarget);
  return known.size <= 1;
}

/** Returns the baseline with the lowest loss on validation data; the simplest one where no loss is known. */
function bestOf(baselines: readonly Trial[]): Trial {
  const losses = baselines.map(({ validation }) => meanLossOf(validation));
  return baselines[Math.max(0, losses.indexOf(Math.min(...losses)))];
}

/** Trials of all candidates that were trained, and the choice among them. */
interface Tried extends Choice {
  readonly trials: readonly Trial[];
}

/**
 * Tries the baselines and the network, and chooses the network if it beats all baselines on validation data, else the best
 * baseline. Tries the first baseline alone where there is nothing to tell.
 *
 * @param attempt - tries a candidate
 */
async function tryAll(
  attempt: (candidate: Candidate, part: number) => Promise<Trial>,
  split: SplitTargets,
  { margin }: NextActionConfig,
  seed: number,
): Promise<Tried> {
  if (isForegone(split)) {
    const only = await attempt(baselineCandidates[0], 0);
    return { trials: [only], served: only, reason: `${only.name} ${nothingToTell}` };
  }
  const baselines: Trial[] = [];
  for (const [part, candidate] of baselineCandidates.entries())
    baselines.push(await attempt(candidate, part));
  const best = bestOf(baselines);
  const network = await attempt(networkCandidate, baselines.length);
  const outcome = gateOf(network.validation, best.validation, { margin, seed });
  return {
    trials: [...baselines, network],
    served: outcome.passed ? network : best,
    reason: reasonOf(best, outcome, margin),
  };
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
 * Trains and measures the candidates on parts of the past, chooses one by the gate, and trains it again on everything, for
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
  const attempt = (candidate: Candidate, part: number): Promise<Trial> => {
    checkCancelled(context);
    return tryCandidate(candidate, split, config, partOf(context, part, parts));
  };
  const { trials, served, reason } = await tryAll(attempt, split, config, context.seed);
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
