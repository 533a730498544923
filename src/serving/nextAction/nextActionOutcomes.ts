import type { ShopId } from '../../domain/ids';
import type { ActionOutcome } from '../../domain/prediction';
import { isOtherSession, sessionSilenceMs, whicheverSession } from '../../insights/nextAction/step';
import type { AwaitedPrediction, PredictionStore } from '../../store/ports/prediction';

/** Events may come so late before their absence counts. */
const graceMs = 5 * 60_000;
/** Predictions older than this without an outcome stay without: their events may be gone. */
const longestWaitMs = 7 * 86_400_000;
const batch = 5_000;

/** What {@link isOtherSession} compares. */
const sessionOf = ({ sessionId, isBareSearch }: Pick<AwaitedPrediction, 'sessionId' | 'isBareSearch'>) =>
  isBareSearch ? whicheverSession : sessionId;

/**
 * What the shopper did after an event: the next event of the session, or LEAVE when half an hour passed without one, or
 * the next event is of another session: by the rule that forecasters learn by. Null while that is not known.
 *
 * @param now - milliseconds since the epoch
 */
export function outcomeOf(prediction: AwaitedPrediction, now: number): ActionOutcome | null {
  const { eventAt, next } = prediction;
  const endsAt = eventAt + sessionSilenceMs;
  if (next === null) return now > endsAt + graceMs ? { action: 'LEAVE', at: endsAt } : null;
  if (next.occurredAt > endsAt) return { action: 'LEAVE', at: endsAt };
  const action = isOtherSession(sessionOf(prediction), sessionOf(next)) ? 'LEAVE' : next.type;
  return { action, at: next.occurredAt };
}

/**
 * Fills in what came true of a shop's predictions, in batches of one read and one write each. Running it twice, or twice
 * at once, is harmless.
 *
 * @param now - milliseconds since the epoch
 * @param batches - at most so many; all there are when left out
 * @returns how many outcomes became known
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
    const waiting = await predictions.awaiting(shopId, { since: now - longestWaitMs, until: now }, batch);
    const outcomes = new Map<string, ActionOutcome>();
    for (const prediction of waiting) {
      const outcome = outcomeOf(prediction, now);
      if (outcome !== null) outcomes.set(prediction.id, outcome);
    }
    await predictions.setOutcomes(shopId, outcomes);
    filled += outcomes.size;
    // Those that are still open come first again: a batch of nothing else is all there is to do now.
    if (waiting.length < batch || outcomes.size === 0) break;
  }
  return filled;
}
