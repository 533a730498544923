// Chooses what is `auto`: how much rows of little data shrink, and what the score falls back to.
//
// The trial asks shopperTrial.ts: the latest events are held out, and a sample of shoppers is asked for products new to them.
// First it compares factors without and with the flat regularisation, then fallbacks on top of the better ones. A choice other
// than none must be better by more than noise.
//
// Budget: two trainings of `trialEpochs` epochs at a rank of at most `trialRank`, one back-off, and for each shopper of the sample three
// lists of factors and one of the fallback, whose sums all weights share.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { Csr } from '../../numeric/csr';
import { pause } from '../../numeric/pause';
import { topKInto } from '../../numeric/topK';
import type { Snapshot } from '../../snapshot/snapshot';
import { betterSpread, spreadAs } from '../chooseBackoff';
import type { Scorer } from '../model';
import {
  bestCandidate,
  type ShopperTrial,
  shopperTrialOf,
  type TrialShopper,
  trialGains,
  trialGainsOfSums,
} from '../shopperTrial';
import { trainBackoff } from '../trainBackoff';
import { withFallback } from './fallback';
import { collaborativeScorer } from './score';
import type { CollaborativeConfig } from './settings';
import { trainFactors } from './train';

/** Settings that a trial chooses. */
type Chosen = Pick<CollaborativeConfig, 'flatRegularization' | 'backoffWeight' | 'backoffSpread'>;

const trialEpochs = 3;
const trialRank = 32;
/** Flat regularisation to try, in mean weights of a pair. */
const flatShares = [0, 4] as const;
/** Weights of a back-off to try: its typical score relative to that of the factors. */
const relativeWeights = [0, 0.3, 1, 3, 10] as const;
/** The same where products have categories: without evidence, a little of it stays. */
const relativeWeightsOfCategories = [0.3, 0, 1, 3, 10] as const;
/**
 * Share of the gain that more weight must add where products have categories: lists follow the categories of the shopper then, the highest
 * weights differ little, and each costs what is more personal.
 */
const minShareOfCategories = 0.03;
/** Shoppers whose lists tell what a typical score is. */
const typicalShoppers = 100;
/** Length of the lists whose last score is typical. */
const listLength = 20;

/** Returns whether something is left to choose. */
const isOpen = ({ flatRegularization, backoffWeight, backoffSpread }: Chosen): boolean =>
  flatRegularization < 0 || backoffWeight < 0 || (backoffWeight > 0 && backoffSpread === 'auto');

/** Returns the mean weight of a pair; 0 without pairs. */
const meanWeightOf = ({ values }: Csr): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length);

/** Returns the mean of the last score in the lists of shoppers; 0 where there is none. */
function typicalScore(scorer: Scorer, shoppers: readonly TrialShopper[]): number {
  const scores = new Float32Array(scorer.products.size);
  const rows = new Uint32Array(listLength);
  const best = new Float32Array(listLength);
  let [sum, lists] = [0, 0];
  for (const { history, known } of shoppers) {
    scorer.scoreInto([history], scores);
    for (const row of known) scores[row] = Number.NaN;
    const count = topKInto(scores, rows, best);
    if (count === 0) continue;
    sum += best[count - 1];
    lists++;
  }
  return sum / Math.max(1, lists);
}

/** Returns a scorer without scores, for a fallback alone. */
const silentScorer = (products: Scorer['products']): Scorer<'similar'> => ({
  products,
  scoreInto: (_, out) => out.fill(Number.NaN),
  similarInto: (_, out) => out.fill(Number.NaN),
});

/** Factors of a trial. */
interface Tried {
  readonly flatRegularization: number;
  readonly scorer: Scorer<'similar'>;
}

/** Trains the factors to compare. */
async function factorsToTry(
  { train, preferences }: ShopperTrial,
  config: CollaborativeConfig,
  context: TrainContext,
): Promise<[Tried, ...Tried[]]> {
  const { flatRegularization, rank } = config;
  const mean = meanWeightOf(preferences);
  const values = flatRegularization < 0 ? flatShares.map(share => share * mean) : [flatRegularization];
  const silent = { ...context, onProgress: () => undefined };
  const tryOut = async (value: number): Promise<Tried> => {
    const tried = { ...config, flatRegularization: value };
    const short = { ...tried, rank: Math.min(rank, trialRank), epochs: Math.min(config.epochs, trialEpochs) };
    const factors = await trainFactors(preferences, short, silent);
    return { flatRegularization: value, scorer: collaborativeScorer(train.products, factors, tried) };
  };
  const [first, ...others] = values;
  const found: [Tried, ...Tried[]] = [await tryOut(first)];
  for (const value of others) found.push(await tryOut(value));
  return found;
}

/** Chooses a back-off for a scorer. */
async function chooseFallback(
  scorer: Scorer<'similar'>,
  trial: ShopperTrial,
  config: CollaborativeConfig,
  context: TrainContext,
): Promise<Pick<Chosen, 'backoffWeight' | 'backoffSpread'>> {
  const { train, preferences, shoppers } = trial;
  const counted = await trainBackoff(train, preferences, context);
  const backoffSpread = config.backoffSpread === 'auto' ? betterSpread(trial, counted) : config.backoffSpread;
  if (config.backoffWeight > 0) return { backoffWeight: config.backoffWeight, backoffSpread };
  const backoff = spreadAs(counted, backoffSpread);
  const few = shoppers.slice(0, typicalShoppers);
  const own = typicalScore(scorer, few);
  const alone = withFallback(silentScorer(scorer.products), { backoff, weight: 1 }, config);
  const fallen = typicalScore(alone, few);
  if (!(own > 0 && fallen > 0)) return { backoffWeight: 0, backoffSpread };
  const hasCategories = backoff.parentOf.length > 0;
  const relatives = hasCategories ? relativeWeightsOfCategories : relativeWeights;
  const weights = relatives.map(relative => (relative * own) / fallen);
  await pause();
  checkCancelled(context);
  const gains = trialGainsOfSums(scorer, alone, weights, shoppers);
  const [first, ...others] = weights.keys();
  const best = bestCandidate(
    [first, ...others],
    place => gains[place],
    hasCategories ? minShareOfCategories : 0,
  );
  return { backoffWeight: weights[best], backoffSpread };
}

/**
 * Returns the settings without `auto`.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function chooseSettings(
  snapshot: Snapshot,
  config: CollaborativeConfig,
  context: TrainContext,
): Promise<CollaborativeConfig> {
  if (!isOpen(config)) return config;
  const trial = await shopperTrialOf(snapshot, context.seed);
  checkCancelled(context);
  const tried = await factorsToTry(trial, config, context);
  const { flatRegularization, scorer } = bestCandidate(tried, own => trialGains(own.scorer, trial.shoppers));
  const chosen = { ...config, flatRegularization };
  await pause();
  return config.backoffWeight === 0
    ? chosen
    : { ...chosen, ...(await chooseFallback(scorer, trial, chosen, context)) };
}
