import type { Snapshot } from '../../snapshot/snapshot';
import { splitByTime } from '../../snapshot/split';
import type { HoldOut } from '../task';
import { type Asks, asksOf, nextChoicesOf } from './nextChoices';
import { type ShopQuestions, shopQuestionsOf } from './shopQuestions';

/** A shop's data before and after a cut, and what is asked. */
export interface ShopTask {
  /** All events that the task may use: with `validation` those before the test part. */
  readonly snapshot: Snapshot;
  /** The events before the cut; its `asOf` is the cut. */
  readonly train: Snapshot;
  readonly asks: Asks;
  readonly questions: ShopQuestions;
}

/** Share of the latest events that is held out. */
const heldOutShare = 0.1;

/**
 * Cuts the events of a shop at one instant, before the latest tenth of events, and asks every shopper with an event before it
 * for what they bought or liked after it. Orders are not divided.
 *
 * @param holdOut - `validation` cuts the part before the cut once more, so that settings are chosen without the test part
 * @param limitShoppers - at most this many, those with the lowest rows
 */
export async function shopTaskOf(
  whole: Snapshot,
  holdOut: HoldOut,
  limitShoppers = Number.POSITIVE_INFINITY,
): Promise<ShopTask> {
  const snapshot = holdOut === 'test' ? whole : (await splitByTime(whole, heldOutShare)).train;
  const { train } = await splitByTime(snapshot, heldOutShare);
  const choices = nextChoicesOf(snapshot, train);
  const asks = asksOf(choices);
  const asked = choices.filter(({ buys, likes }) => (asks === 'purchases' ? buys : likes).size > 0);
  const questions = shopQuestionsOf(train, asked.slice(0, limitShoppers), asks);
  return { snapshot, train, asks, questions };
}
