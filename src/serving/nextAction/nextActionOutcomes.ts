import type { ShopId } from '../../domain/ids';
import type { ActionOutcome } from '../../domain/prediction';
import { anySession, isOtherSession, sessionGapMs } from '../../snapshot/sessions';
import type { AwaitedPrediction, PredictionStore } from '../../store/ports/prediction';

/** How late an event may arrive before its absence counts as LEAVE. */
const graceMs = 5 * 60_000;
/** Older predictions without an outcome stay without one: their events may have been removed. */
const maxWaitMs = 7 * 86_400_000;
const batch = 5_000;

/** Returns the session in the form that {@link isOtherSession} compares. */
const sessionOf = ({ sessionId, isBareSearch }: Pick<AwaitedPrediction, 'sessionId' | 'isBareSearch'>) =>
  isBareSearch ? anySession : sessionId;

/**
 * Returns what the shopper did after an event, by the rule that forecasters are trained with. This is the next event of
 * the session, or LEAVE when half an hour passed without one or the next event is in another session. Null while unknown.
 *
 * @param now - milliseconds since the epoch
 */
export function outcomeOf(prediction: AwaitedPrediction, now: number): ActionOutcome | null {
  const { eventAt, next } = prediction;
  const endsAt = eventAt + sessionGapMs;
  if (next === null) return now > endsAt + graceMs ? { action: 'LEAVE', at: endsAt } : null;
  if (next.occurredAt > endsAt) return { action: 'LEAVE', at: endsAt };
  const action = isOtherSession(sessionOf(prediction), sessionOf(next)) ? 'LEAVE' : next.type;
  return { action, at: next.occurredAt };
}

/**
 * Fills in the outcomes of a shop's predictions, in batches of one read and one write each. Running it again, or twice at
 * the same time, is harmless.
 *
 * @param now - milliseconds since the epoch
 * @param batches - at most this many; by default all there are
 * @returns number of outcomes filled in
 * @throws {GatewayError} UNAVAILABLE
 */
export async function fillOutcomes(
  predictions: Pick<PredictionStore, 'awaiting' | 'setOutcomes'>,
  shopId: ShopId,
  now: number,
  batches = Number.POSITIVE_INFINITY,
): Promise<number> {
  let filled = 0;
  for (let done = 0; done < batches; done++) {
    const waiting = await predictions.awaiting(shopId, { since: now - maxWaitMs, until: now }, batch);
    const outcomes = new Map<string, ActionOutcome>();
    for (const prediction of waiting) {
      const outcome = outcomeOf(prediction, now);
      if (outcome !== null) outcomes.set(prediction.id, outcome);
    }
    await predictions.setOutcomes(shopId, outcomes);
    filled += outcomes.size;
    // Predictions without an outcome come first again: a batch of only those means that nothing more is known now.
    if (waiting.length < batch || outcomes.size === 0) break;
  }
  return filled;
}
