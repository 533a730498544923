// 1. Read the products (reader.ts).
// 2. Choose how much popularity counts, where that is `auto`: learn at a rank of at most `trialRank` from the events before the
//    latest ones, and ask a sample of shoppers for products that are new to them (shopperTrial.ts). Popularity counts more only
//    where it alone makes better lists than the words: products without shoppers then have few chances, new ones too.
// 3. Learn from all events (learned.ts).
//
// Cost of the trial: a quarter of a training at the default rank, and one list per asked shopper, to which the weights are added.

import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { storedSettingsOf } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { pause } from '../../numeric/pause';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import type { ModelCard, Scorer } from '../model';
import { scoreEach } from '../scoreEach';
import { bestCandidate, shopperTrialOf, trialGains, trialGainsOfSums } from '../shopperTrial';
import {
  type Learned,
  learnLikes,
  type ReadProducts,
  readProducts,
  stepsOfLearning,
  stepsOfReading,
} from './learned';
import { contentScorer, crowdsOf } from './score';
import { type ContentConfig, contentSettings } from './settings';
import { tableOf } from './table';

const trialRank = 32;
/** Weights of popularity to try against none. */
const popularityWeights = [1, 3, 10] as const;

const withConfig = <Read extends Pick<Learned, 'reader'>>(
  read: Read,
  change: Partial<ContentConfig>,
): Read => ({
  ...read,
  reader: { ...read.reader, config: { ...read.reader.config, ...change } },
});

const trialConfigOf = ({ rank }: Pick<ContentConfig, 'rank'>): Pick<ContentConfig, 'rank'> => ({
  rank: Math.min(rank, trialRank),
});

const sumOf = (gains: Float64Array): number => gains.reduce((sum, gain) => sum + gain, 0);

/** Returns a scorer with one score per product. */
const sameForAll = (scores: Float32Array, { products }: Snapshot): Scorer => ({
  products,
  scoreInto: (histories, out) => scoreEach(products, histories, out, (_, row) => row.set(scores)),
});

/** Chooses the weight of popularity on a trial. @throws {GatewayError} CANCELLED */
async function choosePopularityWeight(
  read: ReadProducts,
  snapshot: Snapshot,
  context: TrainContext,
  onStep: () => Promise<void>,
): Promise<number> {
  const { train, preferences, shoppers } = await shopperTrialOf(snapshot, context.seed);
  const small = withConfig(read, trialConfigOf(read.reader.config));
  const learned = await learnLikes(small, preferences, context.seed, onStep);
  const table = tableOf(learned, train.products);
  checkCancelled(context);
  const words = contentScorer(withConfig(learned, { popularityWeight: 0 }), table);
  const crowd = sameForAll(crowdsOf(learned.shoppers), train);
  const weights = [0, ...popularityWeights];
  const [byWords, ...tried] = trialGainsOfSums(words, crowd, weights, shoppers);
  if (sumOf(trialGains(crowd, shoppers)) <= sumOf(byWords)) return 0;
  // The best of the weights by its mean; then it must be better than none by more than noise.
  const best = tried.reduce((highest, other) => (sumOf(other) > sumOf(highest) ? other : highest));
  return bestCandidate([0, popularityWeights[tried.indexOf(best)]], weight =>
    weight === 0 ? byWords : best,
  );
}

/** Returns what was chosen on a part of the same data; undefined where nothing was. */
function measuredWeight({ measured }: TrainContext): number | undefined {
  const { popularityWeight } = storedSettingsOf(contentSettings, measured?.header.config ?? {});
  return popularityWeight >= 0 ? popularityWeight : undefined;
}

/**
 * Reads the products of a snapshot, chooses what is `auto`, and learns from its events.
 *
 * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED
 */
export async function learnContent(
  snapshot: Snapshot,
  card: ModelCard,
  config: ContentConfig,
  context: TrainContext,
): Promise<Learned> {
  const preferences = preferencesOf(snapshot);
  checkNeeds(card, snapshot, preferences);
  checkCancelled(context);
  const given = config.popularityWeight >= 0 ? config.popularityWeight : measuredWeight(context);
  const learning =
    stepsOfLearning(config) + (given === undefined ? stepsOfLearning(trialConfigOf(config)) : 0);
  const total = stepsOfReading + learning + 1;
  let done = 0;
  const onStep = async (): Promise<void> => {
    context.onProgress(Math.min(++done, total - 1), total);
    await pause();
    checkCancelled(context);
  };
  const read = await readProducts(snapshot, config, context.seed, onStep);
  const popularityWeight = given ?? (await choosePopularityWeight(read, snapshot, context, onStep));
  const learned = await learnLikes(withConfig(read, { popularityWeight }), preferences, context.seed, onStep);
  context.onProgress(total, total);
  return learned;
}
