import { holdOutLatest } from '../../snapshot/holdOutLatest';
import type { Snapshot } from '../../snapshot/snapshot';
import { splitByTime } from '../../snapshot/split';
import type { HoldOut } from '../task';
import { type Asks, asksOf, type NextChoices, nextChoicesOf } from './nextChoices';
import { type ShopQuestions, shopQuestionsOf } from './shopQuestions';

/** How events are held out; the gate holds out the same ways. */
export type ShopProtocol = 'time' | 'leave-last-out' | 'drawn';

/** A shop's data before and after a cut, and what is asked. */
export interface ShopTask {
  /** All events that the task may use: with `validation` those that remain without the test part. */
  readonly snapshot: Snapshot;
  /** The events to learn from; with the protocol `time` its `asOf` is the cut. */
  readonly train: Snapshot;
  readonly protocol: ShopProtocol;
  readonly asks: Asks;
  readonly questions: ShopQuestions;
}

/** Share of the latest events that is held out. */
const heldOutShare = 0.1;
/** With fewer shoppers to ask, the next way to hold out is used. */
const minShoppers = 30;
/** Of the draw where events have no order. */
const drawSeed = 1;

interface HeldOutPart extends Pick<ShopTask, 'train' | 'protocol'> {
  readonly choices: readonly NextChoices[];
}

async function holdOutPart(snapshot: Snapshot): Promise<HeldOutPart> {
  const byTime = await splitByTime(snapshot, heldOutShare);
  const choices = nextChoicesOf(snapshot, byTime.train);
  if (choices.length >= minShoppers) return { train: byTime.train, protocol: 'time', choices };
  const options = { minUsers: minShoppers, share: heldOutShare, seed: drawSeed };
  const { split, isDrawn } = await holdOutLatest(snapshot, options);
  const others = nextChoicesOf(snapshot, split.train);
  if (others.length <= choices.length) return { train: byTime.train, protocol: 'time', choices };
  return { train: split.train, protocol: isDrawn ? 'drawn' : 'leave-last-out', choices: others };
}

/**
 * Cuts the events of a shop at one instant, before the latest tenth of events, and asks every shopper with an event before it
 * for what they bought or liked after it. Orders are not divided. Where that leaves fewer than 30 shoppers, as in data without
 * times, each shopper's last order or a drawn tenth of their products is held out, as the gate does.
 *
 * @param holdOut - `validation` holds out from the remaining part once more, so that settings are chosen without the test part
 * @param limitShoppers - at most this many, those with the lowest rows
 */
export async function shopTaskOf(
  whole: Snapshot,
  holdOut: HoldOut,
  limitShoppers = Number.POSITIVE_INFINITY,
): Promise<ShopTask> {
  const snapshot = holdOut === 'test' ? whole : (await holdOutPart(whole)).train;
  const { train, protocol, choices } = await holdOutPart(snapshot);
  const asks = asksOf(choices);
  const asked = choices.filter(({ buys, likes }) => (asks === 'purchases' ? buys : likes).size > 0);
  const questions = shopQuestionsOf(train, asked.slice(0, limitShoppers), asks);
  return { snapshot, train, protocol, asks, questions };
}
