import { holdOutShare } from './holdOutShare';
import type { Snapshot } from './snapshot';
import { type HeldOut, leaveLastOut, type Split } from './split';

/** Returns the number of users with held-out products. */
export function heldOutUsers({ offsets }: HeldOut): number {
  let users = 0;
  for (let user = 0; user + 1 < offsets.length; user++) users += Number(offsets[user + 1] > offsets[user]);
  return users;
}

/** How to hold out where orders are few. */
export interface DrawOptions {
  /** With fewer users who have products in two orders, the draw is tried. */
  readonly minUsers: number;
  /** Of each user's products, 0 < share < 1. */
  readonly share: number;
  readonly seed: number;
}

/**
 * Holds out each user's last order with a new product (`leaveLastOut`). That leaves few users where most have a single order.
 * With too few, a drawn share of each user's products is held out instead, if that gives more users: models are then asked
 * for one product of an order, given the others.
 */
export async function holdOutLatest(
  snapshot: Snapshot,
  { minUsers, share, seed }: DrawOptions,
): Promise<{ readonly split: Split; readonly isDrawn: boolean }> {
  const last = await leaveLastOut(snapshot);
  const users = heldOutUsers(last.heldOut);
  if (users >= minUsers) return { split: last, isDrawn: false };
  const drawn = await holdOutShare(snapshot, share, seed);
  const isDrawn = heldOutUsers(drawn.heldOut) > users;
  return { split: isDrawn ? drawn : last, isDrawn };
}
