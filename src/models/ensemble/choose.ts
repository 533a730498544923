import type { Artifact } from '../../artifact/artifact';
import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import type { Snapshot } from '../../snapshot/snapshot';
import { can } from '../capability';
import type { Scorer } from '../model';
import { type Blend, type BlendQuestion, chooseBlend } from './blend';
import { type Candidate, trainAll } from './candidates';
import { type Trial, type TrialAnswer, trialAnswers, trialOf } from './trial';
import { chooseWeights, type WeighedPart } from './weights';

/** Settings of the trial. */
export interface TrialSettings {
  readonly trialUsers: number;
  readonly holdOutShare: number;
}

/** What a trial chose. */
export interface Chosen {
  /** One per candidate: 0 for those that are not used. */
  readonly weights: readonly number[];
  /** The scale of sums, repeats and revisits; null when all products have sums. */
  readonly blend: Blend | null;
  /** The candidate that tells repeats; null without one, or without a scale. */
  readonly teller: number | null;
  /** A sentence about what the trial chose; null without a trial. */
  readonly reason: string | null;
  /** What the candidates learned for the trial; null for those with insufficient data, or where it is not known. */
  readonly tried: readonly (Artifact | null)[];
}

/** Shares of the work of a trial after its trainings and its answers. */
const spans = { trained: 0.7, answered: 0.85 } as const;

/** A candidate that could learn from the trial's training part. */
interface Tried extends Candidate {
  /** Among the candidates. */
  readonly index: number;
  readonly scorer: Scorer;
}

/** Answers between two checks of the signal. */
const answersAtOnce = 64;

/** Reports a share of the trial's work, and lets others run. @throws {GatewayError} CANCELLED */
type Step = (share: number) => Promise<void>;

/** Asks the trial. @throws {GatewayError} CANCELLED */
async function collectAnswers(
  tried: readonly Tried[],
  trial: Trial,
  { trialUsers }: TrialSettings,
  seed: number,
  step: Step,
): Promise<readonly TrialAnswer[]> {
  const scorers = tried.map(({ scorer }) => scorer);
  const answers: TrialAnswer[] = [];
  for (const answer of trialAnswers(scorers, trial, trialUsers, seed)) {
    answers.push(answer);
    if (answers.length % answersAtOnce === 0) await step(Math.min(1, answers.length / trialUsers));
  }
  return answers;
}

/** Returns weights of the parts of a trial. @throws {GatewayError} CANCELLED */
async function weigh(
  tried: readonly Tried[],
  answers: readonly TrialAnswer[],
  step: Step,
): Promise<readonly number[]> {
  const parts = tried.map(
    ({ weight, model }): WeighedPart => ({
      fixed: weight,
      isPopular: model.card.servesAs === 'POPULAR',
    }),
  );
  // Each kind in one run, so that both halves of the questions (weights.ts) hold both.
  const questions = [
    ...answers.flatMap(({ question }) => (question.relevant > 0 ? [question] : [])),
    ...answers.flatMap(({ unbought }) => (unbought === null ? [] : [unbought])),
  ];
  const isAsked = questions.length > 0 && parts.some(({ fixed }) => fixed === null);
  return isAsked
    ? (await chooseWeights(questions, parts, step)).weights
    : parts.map(({ fixed }) => fixed ?? 1);
}

/** Returns the scale of sums, repeats and revisits, by purchases, and by all that is liked where fewer than half buy. */
function blendOf(answers: readonly TrialAnswer[], weights: readonly number[]): Blend | null {
  const questionsOf = (asks: 'bought' | 'liked'): readonly BlendQuestion[] =>
    answers.flatMap(({ question, [asks]: later }) => (later === null ? [] : [{ question, later }]));
  const [bought, liked] = [questionsOf('bought'), questionsOf('liked')];
  const isBuying = bought.length > 0 && bought.length >= liked.length / 2;
  return chooseBlend(bought, isBuying ? bought : liked, weights);
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

/**
 * Chooses weights by a trial: 0 for a candidate with insufficient data.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function chooseOnTrial(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  settings: TrialSettings,
  context: TrainContext,
  share: number,
): Promise<Chosen> {
  const between =
    (from: number, to: number): Step =>
    async done => {
      context.onProgress(share * (from + (to - from) * done), 1);
      await pause();
      checkCancelled(context);
    };
  const trial = await trialOf(snapshot, settings.holdOutShare, context.seed);
  const models = candidates.map(candidate => ({ candidate, measured: null }));
  const span = { from: 0, to: share * spans.trained };
  const artifacts = await trainAll(models, trial.split.train, context, span);
  const tried = candidates.flatMap((candidate, index): readonly Tried[] => {
    const artifact = artifacts[index];
    return artifact ? [{ ...candidate, index, scorer: candidate.model.load(artifact) }] : [];
  });
  const asking = between(spans.trained, spans.answered);
  const answers = tried.length > 0 ? await collectAnswers(tried, trial, settings, context.seed, asking) : [];
  const weightsOfTried = await weigh(tried, answers, between(spans.answered, 1));
  const weights = candidates.map(() => 0);
  for (const [place, { index }] of tried.entries()) weights[index] = weightsOfTried[place];
  const chosen = blendOf(answers, weightsOfTried);
  const own = chosen?.own === undefined ? null : tried[chosen.own].index;
  const blend = chosen && { ...chosen, ...(own !== null && { own }) };
  const teller = tried.find(({ scorer }) => can(scorer, 'buyAgain'));
  return {
    weights,
    blend,
    teller: blend !== null && teller !== undefined ? teller.index : null,
    reason: answers.length > 0 ? reasonOf(tried, weightsOfTried) : null,
    tried: artifacts,
  };
}
