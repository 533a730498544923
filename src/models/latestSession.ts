import { sessionGapMs } from '../snapshot/sessions';

/**
 * Returns where the latest session of a history starts. Going back from the end, consecutive events are at
 * most the session gap apart.
 *
 * @param occurredAt - milliseconds, ascending
 * @returns index of the session's first entry; 0 for an empty history
 */
export function latestSessionStart(occurredAt: Float64Array): number {
  let start = Math.max(occurredAt.length - 1, 0);
  while (start > 0 && occurredAt[start] - occurredAt[start - 1] <= sessionGapMs) start--;
  return start;
}
