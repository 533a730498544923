import type { Interaction } from '../domain/interaction';
import type { ShopperRights } from '../domain/user';
import { type Problem, problem } from './rejections';

const userDeactivated = problem(
  'USER_DEACTIVATED',
  'userId',
  'an active shopper',
  'a deactivated one',
  'Reactivate the shopper, or leave the event out.',
);

/**
 * Returns the problem of an event whose shopper the shop has deactivated, or null. Requests and imports share this rule. The
 * export of a shop has events from before a deactivation: they are accepted, so that a copy of the shop has them too.
 *
 * @param now - start of the request or the import, in milliseconds since the epoch: events received by it have this instant
 */
export function deactivatedShopper(
  { receivedAt }: Interaction,
  rights: ShopperRights | undefined,
  now: number,
): Problem | null {
  const deactivatedAt = rights?.deactivatedAt ?? null;
  if (deactivatedAt === null) return null;
  return receivedAt < now && receivedAt < deactivatedAt ? null : userDeactivated;
}
