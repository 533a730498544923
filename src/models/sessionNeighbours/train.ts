import type { SettingValues } from '../../learning/settings';
import { createRng } from '../../numeric/rng';
import type { Steps } from '../../snapshot/steps';
import type { sessionNeighboursSettings } from './settings';

/** Values of all settings. */
export type SessionNeighboursConfig = SettingValues<typeof sessionNeighboursSettings>;

/** Sessions as plain lists of products, oldest first, without users or times. */
export interface Sessions {
  /** Steps of session s are [offsets[s], offsets[s + 1]). Length sessions + 1. */
  readonly offsets: Uint32Array;
  readonly productRows: Uint32Array;
  /** Number of each step's order within its session, from 0: products of one order share it. Same length as productRows. */
  readonly places: Uint32Array;
}

/**
 * Returns the steps of every session in order of time; sessions in order of their last step, then of their first. Sessions
 * that are equal in both are in an order drawn with the seed.
 */
function groupedBySession({ sessions, occurredAt }: Steps, seed: number): readonly Uint32Array[] {
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
  const rng = createRng(seed);
  const drawn = new Map(groups.map(group => [group, rng.uniform()]));
  const drawOf = (group: Uint32Array): number => drawn.get(group) ?? 0;
  return groups.sort(
    (a, b) => endOf(a) - endOf(b) || occurredAt[a[0]] - occurredAt[b[0]] || drawOf(a) - drawOf(b),
  );
}

/** Returns the number of each step's order within a session, from 0. */
function placesOf({ orders }: Steps, group: Uint32Array): Uint32Array {
  const places = new Uint32Array(group.length);
  for (let step = 1; step < group.length; step++) {
    places[step] = places[step - 1] + Number(orders[group[step]] !== orders[group[step - 1]]);
  }
  return places;
}

/** Returns the latest sessions with at least two distinct products, each limited to its latest steps. */
export function latestSessions(steps: Steps, config: SessionNeighboursConfig, seed: number): Sessions {
  const { productRows: rowOf } = steps;
  const kept = groupedBySession(steps, seed)
    .map(group => group.subarray(-config.maxLength))
    .filter(group => group.some(step => rowOf[step] !== rowOf[group[0]]))
    .slice(-config.maxSessions);
  const offsets = new Uint32Array(kept.length + 1);
  for (const [index, group] of kept.entries()) offsets[index + 1] = offsets[index] + group.length;
  const productRows = new Uint32Array(offsets[kept.length]);
  const places = new Uint32Array(offsets[kept.length]);
  for (const [index, group] of kept.entries()) {
    productRows.set(
      group.map(step => rowOf[step]),
      offsets[index],
    );
    places.set(placesOf(steps, group), offsets[index]);
  }
  return { offsets, productRows, places };
}
