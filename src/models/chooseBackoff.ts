// Chooses how a model falls back (backoff.ts) on a trial (shopperTrial.ts). First the spread: for every held-out choice, does a list
// of the popular products of its category have it higher than a drawn list of them? Then the strength, with lists of the whole
// model.
//
// Cost: one split of the events, one back-off, the part of a training that shopperTrial.ts allows, and up to four lists for
// each of at most 600 shoppers.

import type { TrainContext } from '../learning/trainContext';
import type { Snapshot } from '../snapshot/snapshot';
import { type Backoff, spreadEvenly } from './backoff';
import { type BackoffConfig, type ChosenBackoff, isOpenStrength } from './backoffSettings';
import { gainOfTies } from './listGain';
import type { Scorer } from './model';
import {
  affordable,
  bestCandidate,
  minShoppers,
  type ShopperTrial,
  shopperTrialOf,
  type TrialShopper,
  trialGains,
} from './shopperTrial';
import { trainBackoff } from './trainBackoff';

/** Maximum number of held-out choices that the spread is chosen on. */
const maxChoices = 5000;

/** Returns the products of each category. */
function productsByLeaf({ leafOf, parentOf }: Backoff): readonly (readonly number[])[] {
  const products = Array.from(parentOf, (): number[] => []);
  for (const [row, leaf] of leafOf.entries()) if (leaf >= 0) products[leaf].push(row);
  return products;
}

/** Returns held-out choices as pairs of user and product row, evenly spread, of products with a category. */
function choicesOf({ heldOut }: ShopperTrial, { leafOf }: Backoff): readonly (readonly [number, number])[] {
  const choices: (readonly [number, number])[] = [];
  for (let user = 0; user + 1 < heldOut.offsets.length; user++) {
    for (let place = heldOut.offsets[user]; place < heldOut.offsets[user + 1]; place++) {
      const row = heldOut.productRows[place];
      if (leafOf[row] >= 0) choices.push([user, row]);
    }
  }
  const step = Math.max(1, choices.length / maxChoices);
  const count = Math.min(maxChoices, choices.length);
  return Array.from({ length: count }, (_, index) => choices[Math.floor(index * step)]);
}

/**
 * Returns the spread that puts held-out choices higher within their category, among the products that are new to the shopper.
 * Popularity where no choice has a category.
 */
export function betterSpread(trial: ShopperTrial, backoff: Backoff): 'popularity' | 'even' {
  const { indptr, indices } = trial.preferences;
  const products = productsByLeaf(backoff);
  let [popular, even] = [0, 0];
  for (const [user, chosen] of choicesOf(trial, backoff)) {
    const known = new Set(indices.subarray(indptr[user], indptr[user + 1]));
    let [above, tied, size] = [0, 0, 0];
    for (const row of products[backoff.leafOf[chosen]]) {
      if (known.has(row)) continue;
      size++;
      if (backoff.within[row] > backoff.within[chosen]) above++;
      else if (backoff.within[row] === backoff.within[chosen]) tied++;
    }
    popular += gainOfTies(above, tied);
    even += gainOfTies(0, size);
  }
  return even > popular ? 'even' : 'popularity';
}

/** Returns the back-off as it spreads under a setting. */
export const spreadAs = (backoff: Backoff, spread: ChosenBackoff['backoffSpread']): Backoff =>
  spread === 'even' ? spreadEvenly(backoff) : backoff;

/** How one model is tried. */
export interface Tried {
  /** Strengths to try: the first is kept unless another one is better. */
  readonly strengths: readonly [number, ...number[]];
  /** What to ask instead of the next products of shoppers, if it is enough. @param train - events before the cut */
  readonly questionsOf?: (train: Snapshot) => readonly TrialShopper[];
  /**
   * Trains on a trial, and returns how to make a scorer with a back-off of some strength. What is only needed for histories of other
   * shoppers than those of the trial can be left out.
   */
  train(trial: ShopperTrial, context: TrainContext): Promise<(backoff: Backoff, strength: number) => Scorer>;
}

/** Returns what the training of the same model on less data chose (`TrainContext.measured`); null without it. */
function chosenBefore({ measured }: TrainContext): ChosenBackoff | null {
  const strength = measured?.header.config['backoffStrength'];
  const spread = measured?.header.config['backoffSpread'];
  const isChosen = typeof strength === 'number' && strength >= 0;
  if (!isChosen || (spread !== 'popularity' && spread !== 'even')) return null;
  return { backoffStrength: strength, backoffSpread: spread };
}

/**
 * Replaces `auto` by what is better on a trial. There is none without `auto`, and none where the same run has chosen before.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function chooseBackoff(
  snapshot: Snapshot,
  { backoffStrength, backoffSpread }: BackoffConfig,
  context: TrainContext,
  { strengths, questionsOf, train }: Tried,
): Promise<ChosenBackoff> {
  const isOpen = isOpenStrength({ backoffStrength, backoffSpread });
  if (!isOpen && backoffSpread !== 'auto') return { backoffStrength, backoffSpread };
  const before = chosenBefore(context);
  if (before) return before;
  const trial = await shopperTrialOf(snapshot, context.seed);
  const counted = await trainBackoff(trial.train, trial.preferences, context);
  const spread = backoffSpread === 'auto' ? betterSpread(trial, counted) : backoffSpread;
  if (!isOpen) return { backoffStrength, backoffSpread: spread };
  const questions = questionsOf?.(trial.train) ?? [];
  const asked =
    questions.length < minShoppers ? trial : { ...trial, ...affordable(questions, trial.preferences) };
  const quiet = { ...context, onProgress: () => undefined };
  const scorerOf = await train(asked, quiet);
  const backoff = spreadAs(counted, spread);
  const strength = bestCandidate(strengths, own => trialGains(scorerOf(backoff, own), asked.shoppers));
  return { backoffStrength: strength, backoffSpread: spread };
}
