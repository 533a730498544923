import { sessionGapMs } from '../snapshot/sessions';

/**
 * Where the latest session of a history starts: going back from the end, no two neighbours are further apart than a
 * session allows.
 *
 * @param occurredAt - milliseconds, ascending
 * @returns index of its first entry; 0 for an empty history
 */
export function latestSessionStart(occurredAt: Float64Array): number {
  let start = Math.max(occurredAt.length - 1, 0);
  while (start > 0 && occurredAt[start] - occurredAt[start - 1] <= sessionGapMs) start--;
  return start;
}
