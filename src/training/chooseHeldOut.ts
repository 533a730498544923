import { chooseSplit, type SplitProtocol, splitKnownByTime } from '../snapshot/chooseSplit';
import { heldOutUsers } from '../snapshot/holdOutLatest';
import { orderInstantsOf } from '../snapshot/orders';
import type { Snapshot } from '../snapshot/snapshot';
import type { Split } from '../snapshot/split';
import type { TrainingConfig } from './config';

/** A split to measure on. */
export interface ChosenSplit {
  readonly split: Split;
  /** How events were held out, for the run's record. */
  readonly protocol: SplitProtocol | 'time-after-live';
  /** Whether the live artifact has not seen the held-out events, so that comparing with it is fair. */
  readonly isFairToLive: boolean;
}

/** Returns the share of events after an instant, with half an event more, so that splitByTime cuts exactly there. */
function shareAfter({ events }: Snapshot, instant: number): number {
  const later = orderInstantsOf(events).reduce((count, at) => count + Number(at > instant), 0);
  return (later + 0.5) / events.length;
}

/**
 * Holds out what a model is measured on: as `chooseSplit` does, which the trial of an ensemble uses too. With a live artifact the
 * instant of the cut is not before the end of its snapshot, because it has seen everything up to there. If that leaves too few
 * users, there is no comparison with the live artifact.
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
    const split = await splitKnownByTime(snapshot, afterLive);
    if (heldOutUsers(split.heldOut) >= minHeldOutUsers) {
      return { split, protocol: 'time-after-live', isFairToLive: true };
    }
  }
  const options = { share: heldOutShare, drawnShare: heldOutShare, minUsers: minHeldOutUsers, seed };
  const { split, protocol } = await chooseSplit(snapshot, options);
  const isFairToLive = protocol === 'time' && liveAsOf !== null && split.train.asOf >= liveAsOf;
  return { split, protocol, isFairToLive };
}
