import { heldOutUsers, holdOutLatest } from './holdOutLatest';
import type { Snapshot } from './snapshot';
import { type Split, splitByTime } from './split';

/** How events were held out. */
export type SplitProtocol = 'time' | 'leave-last-out' | 'drawn';

/** How to hold out. */
export interface SplitOptions {
  /** Share of the latest events that is held out, 0 < share < 1. */
  readonly share: number;
  /** Share of each user's products that is held out where orders are few, 0 < share < 1. */
  readonly drawnShare: number;
  /** With fewer users with held-out products, the next way to hold out is used. */
  readonly minUsers: number;
  /** Of the draw. */
  readonly seed: number;
}

/** Share of the latest events that the gate and the trial of an ensemble hold out. */
export const defaultHeldOutShare = 0.1;
/** Fewest users with held-out products after a cut by time. */
export const defaultMinHeldOutUsers = 30;

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

/** Splits at one instant (split.ts), and asks only users who have events before it. */
export const splitKnownByTime = async (snapshot: Snapshot, share: number): Promise<Split> =>
  ofKnownUsers(await splitByTime(snapshot, share));

/**
 * Returns whether users share a clock. Where the times of a file are the places of events in each user's list, all users begin at
 * one instant: an event's time then says nothing about the events of other users, and no cut by time is possible.
 */
export function haveCommonClock({ events, userOffsets }: Snapshot): boolean {
  const first = events.occurredAt[0];
  let users = 0;
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    if (userOffsets[user + 1] === userOffsets[user]) continue;
    if (events.occurredAt[userOffsets[user]] !== first) return true;
    users++;
  }
  return users < 2;
}

/**
 * Holds out the latest events of all users by one instant, and asks users who have events before it. If that leaves too few
 * users, each user's last order with a new product is held out instead. So it is where all users begin at one instant. Where most
 * users have a single order, a drawn share of each user's products is held out. No cut by time divides an order.
 */
export async function chooseSplit(
  snapshot: Snapshot,
  { share, drawnShare, minUsers, seed }: SplitOptions,
): Promise<{ readonly split: Split; readonly protocol: SplitProtocol }> {
  if (haveCommonClock(snapshot)) {
    const split = await splitKnownByTime(snapshot, share);
    if (heldOutUsers(split.heldOut) >= minUsers) return { split, protocol: 'time' };
  }
  const { split, isDrawn } = await holdOutLatest(snapshot, { minUsers, share: drawnShare, seed });
  return { split, protocol: isDrawn ? 'drawn' : 'leave-last-out' };
}
