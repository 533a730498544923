import type { ShopId, UserId } from '../../domain/ids';
import type { Queryable, Statement } from './database';

/** Locks active users until the end of the transaction: blocks deactivation, consent changes and other writers. */
const lockStatement: Statement = {
  name: 'personalizableLock',
  text: `SELECT id FROM "User" WHERE "shopId" = $1 AND id = ANY($2) AND "deactivatedAt" IS NULL
    ORDER BY id FOR NO KEY UPDATE`,
};

/** Runs after the lock is acquired, so that it sees the changes of its previous holder. */
const withheldStatement: Statement = {
  name: 'personalizableWithheld',
  text: `SELECT "userId" AS id FROM "Consent"
    WHERE "shopId" = $1 AND "userId" = ANY($2) AND purpose = 'PERSONALIZATION' AND NOT granted`,
};

/**
 * Locks the users until the end of the transaction and returns those whose data may be stored: known, not deactivated,
 * and without a withdrawn PERSONALIZATION consent. Write derived data of shoppers in the same transaction, so that none is
 * stored after a withdrawal.
 */
export async function lockPersonalizableUsers(
  on: Queryable,
  shopId: ShopId,
  ids: readonly UserId[],
): Promise<ReadonlySet<string>> {
  const known = await on.query<{ id: string }>(lockStatement, [shopId, ids]);
  const withheld = await on.query<{ id: string }>(withheldStatement, [shopId, ids]);
  const refused = new Set(withheld.map(({ id }) => id));
  return new Set(known.map(({ id }) => id).filter(id => !refused.has(id)));
}
