import { noSession } from './rawColumns';

/** Longest silence within a session that the client did not name. */
export const sessionGapMs = 30 * 60_000;

/**
 * Numbers sessions densely, in order of first event. A session id given by the client is one session of its user;
 * events without one belong together while no two neighbours (among those without) are more than 30 minutes apart.
 *
 * @param userOffsets - events of user row u are [userOffsets[u], userOffsets[u + 1])
 * @param occurredAt - ascending within a user
 * @param given - index of the session id, or `noSession`
 */
export function sessionsOf(
  userOffsets: Uint32Array,
  occurredAt: Float64Array,
  given: Uint32Array,
): Uint32Array {
  const sessions = new Uint32Array(given.length);
  let count = 0;
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    const named = new Map<number, number>();
    let unnamed = -1;
    let lastUnnamedAt = Number.NEGATIVE_INFINITY;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      if (given[event] === noSession) {
        if (unnamed < 0 || occurredAt[event] - lastUnnamedAt > sessionGapMs) unnamed = count++;
        lastUnnamedAt = occurredAt[event];
        sessions[event] = unnamed;
      } else {
        const session = named.get(given[event]) ?? count++;
        named.set(given[event], session);
        sessions[event] = session;
      }
    }
  }
  return sessions;
}
