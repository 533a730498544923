import { GatewayError } from '../../domain/errors';
import { toUserId, type UserId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { Principal } from '../../domain/role';
import type { User } from '../../domain/user';

const isShopper = ({ role }: Principal): boolean => role === 'SHOPPER';

/** Whether the caller may see or speak for this user. */
export const mayActFor = (principal: Principal, userId: UserId): boolean =>
  !isShopper(principal) || principal.userId === userId;

/** The user, or null: to a shopper, somebody else looks exactly like nobody. */
export const visibleUser = (principal: Principal, user: User | null): User | null =>
  user !== null && mayActFor(principal, user.id) ? user : null;

/** The list, or null: to a shopper, somebody else's list looks exactly like none. */
export const visibleList = (
  principal: Principal,
  list: RecommendationList | null,
): RecommendationList | null =>
  list !== null && (!isShopper(principal) || (list.userId !== null && list.userId === principal.userId))
    ? list
    : null;

/**
 * Whom a call is for: the shopper themself, or whom a storefront or an administrator names.
 *
 * @param named - the user id in the call's arguments
 * @returns null for a visitor nobody knows
 * @throws {GatewayError} FORBIDDEN when the caller may not speak for the named user, whether or not there is one
 */
export function actingUserId(principal: Principal, named: string | null | undefined): UserId | null {
  if (named === null || named === undefined) return principal.userId;
  const userId = toUserId(named);
  if (principal.role !== 'MERCHANDISER' && mayActFor(principal, userId)) return userId;
  throw new GatewayError(
    'FORBIDDEN',
    'Expected a call in the name of the credential itself; it names another user. Leave `userId` out, or use a STOREFRONT credential.',
  );
}
