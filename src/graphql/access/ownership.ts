import { GatewayError } from '../../domain/errors';
import { toUserId, type UserId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { Principal } from '../../domain/role';
import type { User } from '../../domain/user';

const isShopper = ({ role }: Principal): boolean => role === 'SHOPPER';

/** Returns whether the caller may read and act for this user. */
export const mayActFor = (principal: Principal, userId: UserId): boolean =>
  !isShopper(principal) || principal.userId === userId;

/** Returns the user, or null. For a shopper, another user is indistinguishable from a missing one. */
export const visibleUser = (principal: Principal, user: User | null): User | null =>
  user !== null && mayActFor(principal, user.id) ? user : null;

/** Returns the list, or null. For a shopper, the list of another user is indistinguishable from a missing one. */
export const visibleList = (
  principal: Principal,
  list: RecommendationList | null,
): RecommendationList | null =>
  list !== null && (!isShopper(principal) || (list.userId !== null && list.userId === principal.userId))
    ? list
    : null;

/**
 * Returns the user that a call is for: the user of a SHOPPER credential, or the user that a STOREFRONT, INGEST or ADMIN names.
 * INGEST names users of events only: access rules refuse it the viewer and consents.
 *
 * @param named - the user id in the call's arguments
 * @returns null for an anonymous visitor
 * @throws {GatewayError} FORBIDDEN when the caller may not act for the named user, whether or not that user exists
 */
export function actingUserId(principal: Principal, named: string | null | undefined): UserId | null {
  if (named === null || named === undefined) return principal.userId;
  const userId = toUserId(named);
  if (principal.role === 'MERCHANDISER')
    throw new GatewayError(
      'FORBIDDEN',
      'Expected a SHOPPER, STOREFRONT, INGEST or ADMIN credential with `userId`; got MERCHANDISER. Use a STOREFRONT credential.',
    );
  if (mayActFor(principal, userId)) return userId;
  throw new GatewayError(
    'FORBIDDEN',
    'Expected `userId` to be the user of the credential; got another user. Omit `userId`, or use a STOREFRONT credential.',
  );
}
