import type { SettingValues } from '../../learning/settings';
import type { Steps } from '../../snapshot/steps';
import type { sessionNeighboursSettings } from './settings';

/** Values of all settings. */
export type SessionNeighboursConfig = SettingValues<typeof sessionNeighboursSettings>;

/** Sessions as plain lists of products, oldest first, without users or times. */
export interface Sessions {
  /** Steps of session s are [offsets[s], offsets[s + 1]). Length sessions + 1. */
  readonly offsets: Uint32Array;
  readonly productRows: Uint32Array;
}

/**
 * Returns the steps of every session in order of time; sessions in order of their last step (ties: of their
 * number).
 */
function groupedBySession({ sessions, occurredAt }: Steps): readonly Uint32Array[] {
  const count = sessions.reduce((highest, session) => Math.max(highest, session + 1), 0);
  const offsets = new Uint32Array(count + 1);
  for (const session of sessions) offsets[session + 1]++;
  for (let session = 0; session < count; session++) offsets[session + 1] += offsets[session];
  const next = offsets.slice();
  const steps = new Uint32Array(sessions.length);
  for (let step = 0; step < sessions.length; step++) steps[next[sessions[step]]++] = step;
  const groups: Uint32Array[] = [];
  for (let session = 0; session < count; session++) {
    if (offsets[session + 1] > offsets[session]) {
      groups.push(steps.subarray(offsets[session], offsets[session + 1]));
    }
  }
  const endOf = (group: Uint32Array): number => occurredAt[group[group.length - 1]];
  return groups.sort((a, b) => endOf(a) - endOf(b) || sessions[a[0]] - sessions[b[0]]);
}

/** Returns the latest sessions with at least two distinct products, each limited to its latest steps. */
export function latestSessions(steps: Steps, config: SessionNeighboursConfig): Sessions {
  const rowsOf = (group: Uint32Array): Uint32Array =>
    group.subarray(-config.maxLength).map(step => steps.productRows[step]);
  const lists = groupedBySession(steps)
    .map(rowsOf)
    .filter(rows => rows.some(row => row !== rows[0]))
    .slice(-config.maxSessions);
  const offsets = new Uint32Array(lists.length + 1);
  for (const [index, rows] of lists.entries()) offsets[index + 1] = offsets[index] + rows.length;
  const productRows = new Uint32Array(offsets[lists.length]);
  for (const [index, rows] of lists.entries()) productRows.set(rows, offsets[index]);
  return { offsets, productRows };
}
