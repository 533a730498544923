import type { UserId } from './ids';
import type { Consent, ConsentPurpose } from './user';

/** The record of a visitor who turned out to be a known shopper. */
export interface UserIdentity {
  readonly anonymousId: UserId;
  readonly userId: UserId;
  /** Milliseconds since the epoch, UTC. */
  readonly identifiedAt: number;
  /** Events of the visitor that now belong to the shopper. */
  readonly mergedEvents: number;
  /** Lists of the visitor that now belong to the shopper. */
  readonly mergedLists: number;
}

/** The same with the credential that asked for the merge, as it is stored and exported. */
export interface RecordedIdentity extends UserIdentity {
  readonly identifiedBy: string;
}

/** Why a visitor cannot be merged into a shopper. */
export type IdentityRefusal = 'SAME_USER' | 'NOT_ANONYMOUS' | 'IDENTIFIED_AS_ANOTHER' | 'USER_DEACTIVATED';

/** What is known of the two users before a merge. */
export interface IdentityState {
  readonly anonymousId: UserId;
  readonly userId: UserId;
  /** The user that the visitor was merged into before; null for none. */
  readonly identifiedAs: UserId | null;
  /** Whether other visitors were merged into the visitor, who is then a known shopper. */
  readonly hasVisitors: boolean;
  readonly isVisitorDeactivated: boolean;
  readonly isUserDeactivated: boolean;
}

/** Returns why the visitor cannot be merged, or null. A merge that was done before can be done again. */
export function refusalOf(state: IdentityState): IdentityRefusal | null {
  if (state.anonymousId === state.userId) return 'SAME_USER';
  if (state.identifiedAs !== null && state.identifiedAs !== state.userId) return 'IDENTIFIED_AS_ANOTHER';
  if (state.isUserDeactivated) return 'USER_DEACTIVATED';
  const isAccount = state.hasVisitors || state.isVisitorDeactivated;
  return state.identifiedAs === null && isAccount ? 'NOT_ANONYMOUS' : null;
}

/**
 * Returns the consents that change when a visitor's answers join those of the shopper. A withdrawal on either side holds:
 * signing in never restores what somebody withdrew. Where only the visitor answered, that answer holds.
 */
export function joinConsents(
  ofUser: readonly Consent[],
  ofVisitor: readonly Consent[],
): readonly Pick<Consent, 'purpose' | 'granted' | 'source'>[] {
  const known = new Map<ConsentPurpose, boolean>(ofUser.map(({ purpose, granted }) => [purpose, granted]));
  return ofVisitor
    .filter(({ purpose, granted }) => !known.has(purpose) || (known.get(purpose) === true && !granted))
    .map(({ purpose, granted, source }) => ({ purpose, granted, source }));
}
