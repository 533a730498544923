import type { ShopId, UserId } from '../../domain/ids';
import type { UserStore } from '../ports/user';

/** Returns the users whose data may be stored: known, not deactivated, and without a withdrawn PERSONALIZATION consent. */
export async function personalizableUsers(
  users: Pick<UserStore, 'findMany' | 'consentsOf'>,
  shopId: ShopId,
  ids: readonly UserId[],
): Promise<ReadonlySet<string>> {
  const [known, consents] = await Promise.all([users.findMany(shopId, ids), users.consentsOf(shopId, ids)]);
  const isWithheld = (id: UserId) =>
    (consents.get(id) ?? []).some(({ purpose, granted }) => purpose === 'PERSONALIZATION' && !granted);
  return new Set(ids.filter(id => known.get(id)?.deactivatedAt === null && !isWithheld(id)));
}
