import { heldOutUsers, holdOutLatest } from '../snapshot/holdOutLatest';
import { orderInstantsOf } from '../snapshot/orders';
import type { Snapshot } from '../snapshot/snapshot';
import { type Split, splitByTime } from '../snapshot/split';
import type { TrainingConfig } from './config';

/** A split to measure on. */
export interface ChosenSplit {
  readonly split: Split;
  /** How events were held out, for the run's record. */
  readonly protocol: 'time' | 'time-after-live' | 'leave-last-out' | 'drawn';
  /** Whether the live artifact has not seen the held-out events, so that comparing with it is fair. */
  readonly isFairToLive: boolean;
}

/**
 * Leaves out users without events before the cut. Personal models cannot score them, and in the shop they see popular
 * products whatever the model. With them, a good model would fail the gate in a growing shop.
 */
function ofKnownUsers({ train, heldOut }: Split): Split {
  const { userOffsets } = train;
  const offsets = new Uint32Array(heldOut.offsets.length);
  const productRows: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    if (userOffsets[user + 1] > userOffsets[user]) {
      productRows.push(...heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]));
    }
    offsets[user + 1] = productRows.length;
  }
  return { train, heldOut: { offsets, productRows: Uint32Array.from(productRows) } };
}

const splitKnown = async (snapshot: Snapshot, share: number): Promise<Split> =>
  ofKnownUsers(await splitByTime(snapshot, share));

/** Returns the share of events after an instant, with half an event more, so that splitByTime cuts exactly there. */
function shareAfter({ events }: Snapshot, instant: number): number {
  const later = orderInstantsOf(events).reduce((count, at) => count + Number(at > instant), 0);
  return (later + 0.5) / events.length;
}

/**
 * Holds out the latest events of all users by one instant, and measures users who have events before it. With a live artifact
 * the instant is not before the end of its snapshot, because it has seen everything up to there. If that leaves too few
 * users, there is no comparison with the live artifact. If too few users have events on both sides of any cut, or the shop is
 * small, each user's last order with a new product is held out instead. Where most users have a single order, a drawn share
 * of each user's products is held out. No cut by time divides an order.
 *
 * @param liveAsOf - end of the live artifact's snapshot, milliseconds since the epoch; null when none is live
 * @param seed - of the draw
 */
export async function chooseHeldOut(
  snapshot: Snapshot,
  liveAsOf: number | null,
  { heldOutShare, minHeldOutUsers }: TrainingConfig,
  seed: number,
): Promise<ChosenSplit> {
  const afterLive = liveAsOf === null ? 1 : shareAfter(snapshot, liveAsOf);
  if (afterLive < heldOutShare) {
    const split = await splitKnown(snapshot, afterLive);
    if (heldOutUsers(split.heldOut) >= minHeldOutUsers) {
      return { split, protocol: 'time-after-live', isFairToLive: true };
    }
  }
  const split = await splitKnown(snapshot, heldOutShare);
  if (heldOutUsers(split.heldOut) >= minHeldOutUsers) {
    const isFairToLive = liveAsOf !== null && split.train.asOf >= liveAsOf;
    return { split, protocol: 'time', isFairToLive };
  }
  const options = { minUsers: minHeldOutUsers, share: heldOutShare, seed };
  const { split: last, isDrawn } = await holdOutLatest(snapshot, options);
  return { split: last, protocol: isDrawn ? 'drawn' : 'leave-last-out', isFairToLive: false };
}
