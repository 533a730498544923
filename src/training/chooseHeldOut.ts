import type { Snapshot } from '../snapshot/snapshot';
import { leaveLastOut, type Split, splitByTime } from '../snapshot/split';
import type { TrainingConfig } from './config';

/** What to measure on. */
export interface ChosenSplit {
  readonly split: Split;
  /** How it was held out, for the run's record. */
  readonly protocol: 'time' | 'time-after-live' | 'leave-last-out';
  /** Whether the live artifact has seen nothing of what is held out: otherwise to compare with it would be unfair. */
  readonly isFairToLive: boolean;
}

/**
 * Leaves out users without any event before the cut: no personal model can say anything of them, and in the shop they
 * are shown what is popular whatever the model. Judged over them too, a good model would fail in a shop that grows.
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

/** Users with something held out. */
function heldOutUsers({ heldOut: { offsets } }: Split): number {
  let users = 0;
  for (let user = 0; user + 1 < offsets.length; user++) if (offsets[user + 1] > offsets[user]) users++;
  return users;
}

/** Share of events strictly after an instant, such that splitByTime cuts at it: half an event clears rounding. */
function shareAfter({ events }: Snapshot, instant: number): number {
  const later = events.occurredAt.reduce((count, at) => count + Number(at > instant), 0);
  return (later + 0.5) / events.length;
}

/**
 * Holds out the latest events by one instant for all users, and asks about those who were known before it. When something is live, the instant is not before its
 * snapshot's end: it was trained on everything up to there, and would be asked about what it knows. Where too few users
 * are left to judge by, the comparison with what is live is given up; where time does not divide the events (or the
 * shop is small), each user's last discovery is held out instead.
 *
 * @param liveAsOf - end of the live artifact's snapshot, milliseconds since the epoch; null when none is live
 */
export async function chooseHeldOut(
  snapshot: Snapshot,
  liveAsOf: number | null,
  { heldOutShare, fewestHeldOutUsers }: TrainingConfig,
): Promise<ChosenSplit> {
  const afterLive = liveAsOf === null ? 1 : shareAfter(snapshot, liveAsOf);
  if (afterLive < heldOutShare) {
    const split = await splitKnown(snapshot, afterLive);
    if (heldOutUsers(split) >= fewestHeldOutUsers) {
      return { split, protocol: 'time-after-live', isFairToLive: true };
    }
  }
  const split = await splitKnown(snapshot, heldOutShare);
  if (heldOutUsers(split) >= fewestHeldOutUsers) {
    const isFairToLive = liveAsOf !== null && split.train.asOf >= liveAsOf;
    return { split, protocol: 'time', isFairToLive };
  }
  return { split: await leaveLastOut(snapshot), protocol: 'leave-last-out', isFairToLive: false };
}
