import { noSession } from './rawColumns';

/** Longest silence within a session, milliseconds. After it the session is over. */
export const sessionGapMs = 30 * 60_000;

/** Stands for the session of a search without a product: such a search belongs to the session that is open. */
export const anySession = -1;

/**
 * Returns whether the client named another session, so that the one before is over. Events without a session name are
 * in another session than events with one. Training, serving and outcomes of predictions use this rule.
 *
 * @param before - session of the event before: a name, a number, null for none, or {@link anySession}
 * @param next - the same of the event that follows
 */
export const isOtherSession = <Session extends string | number>(
  before: Session | null | typeof anySession,
  next: Session | null | typeof anySession,
): boolean => before !== anySession && next !== anySession && before !== next;

/**
 * Returns a function that numbers the sessions of one user, event by event. Events with the same session name are one
 * session. Events without a name form one session as long as no two neighbours among them are more than 30 minutes apart.
 *
 * @param nextNumber - returns the number of a new session
 * @returns takes the next event's instant and its session's name (null for none); returns the session's number
 */
export function createSessionNumbers<Name>(
  nextNumber: () => number,
): (occurredAt: number, name: Name | null) => number {
  const named = new Map<Name, number>();
  let unnamed = -1;
  let lastUnnamedAt = Number.NEGATIVE_INFINITY;
  return (occurredAt, name) => {
    if (name === null) {
      if (unnamed < 0 || occurredAt - lastUnnamedAt > sessionGapMs) unnamed = nextNumber();
      lastUnnamedAt = occurredAt;
      return unnamed;
    }
    const session = named.get(name) ?? nextNumber();
    named.set(name, session);
    return session;
  };
}

/**
 * Numbers sessions densely, in order of first event. A session id of the client is one session of its user; for
 * events without one see {@link createSessionNumbers}.
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
    const numberOf = createSessionNumbers<number>(() => count++);
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      sessions[event] = numberOf(occurredAt[event], given[event] === noSession ? null : given[event]);
    }
  }
  return sessions;
}
