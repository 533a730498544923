import type { ShopId, UserId } from '../../domain/ids';
import type { UserStore } from '../ports/user';

/** Of whom something may be kept: they did not withdraw PERSONALIZATION, and are not shut out. */
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
