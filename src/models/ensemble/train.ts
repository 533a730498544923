// 1. Hold out what the gate holds out: the latest events of all shoppers (trial.ts).
// 2. Train every part on the rest, and score a sample of the shoppers with it.
// 3. Choose weights for the sum of the parts' standardised scores that rank the held-out products best (weights.ts).
// 4. Where a part knows repeats, map the sum to its log-odds, so that both kinds share one list (blend.ts).
// 5. Train the parts that are used again, on all data.
//
// A run trains twice: to be measured, and on everything. Steps 1 to 4 happen in the first of these trainings only; the second
// keeps what it chose, and takes parts that the shop has published of the same data.
//
// Cost of a run: per part one training for the trial; if it is used, one for the measure, and one more if it is not published.
// Scoring trialUsers × parts, and seconds for the weights.

import type { Artifact } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Candidate, trainAll } from './candidates';
import { type Chosen, chooseOnTrial, type TrialSettings } from './choose';

/** A part that is used. */
export interface TrainedPart {
  readonly artifact: Artifact;
  /** 0 for a part that only ranks or tells what was met. */
  readonly weight: number;
}

/** What training chose and learned. */
export interface TrainedEnsemble extends Pick<Chosen, 'blend' | 'teller' | 'reason'> {
  /** One entry per candidate; null for those that are not used. */
  readonly parts: readonly (TrainedPart | null)[];
}

/** Share of the trial in the total work, for progress. */
const trialShare = 0.6;

/**
 * Trains every part that is used, with the weights that are given or chosen.
 *
 * @param earlier - what the measured training of the same run chose; null to choose by a trial
 * @throws {GatewayError} CANCELLED; TRAINING_DATA_INSUFFICIENT when no candidate can learn
 */
export async function trainParts(
  candidates: readonly Candidate[],
  snapshot: Snapshot,
  settings: TrialSettings,
  context: TrainContext,
  earlier: Chosen | null = null,
): Promise<TrainedEnsemble> {
  checkCancelled(context);
  const isOpen = candidates.some(({ weight }) => weight === null);
  const isTried = isOpen && earlier === null;
  const given = {
    weights: candidates.map(({ weight }) => weight ?? 0),
    blend: null,
    teller: null,
    reason: null,
  };
  const { weights, blend, teller, reason, tried } = isTried
    ? await chooseOnTrial(candidates, snapshot, settings, context, trialShare)
    : (earlier ?? { ...given, tried: candidates.map(() => null) });
  const used = [...candidates.keys()].filter(
    index => weights[index] > 0 || teller === index || blend?.own === index,
  );
  const models = used.map(index => ({ candidate: candidates[index], measured: tried[index] }));
  const span = { from: isTried ? trialShare : 0, to: 1 };
  const artifacts = await trainAll(models, snapshot, context, span);
  const parts: (TrainedPart | null)[] = candidates.map(() => null);
  for (const [place, index] of used.entries()) {
    const artifact = artifacts[place];
    if (artifact) parts[index] = { artifact, weight: weights[index] };
  }
  if (parts.some(part => part !== null && part.weight > 0)) return { parts, blend, teller, reason };
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected enough events for one of ${candidates.length} models; got ${snapshot.events.length} events, too few ` +
      'for each. Import or track more events first.',
    { events: snapshot.events.length },
  );
}
