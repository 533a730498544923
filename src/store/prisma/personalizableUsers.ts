import type { ShopId, UserId } from '../../domain/ids';
import type { Queryable, Statement } from './database';

/** Of whom something may be kept. Holds off whoever ends that, and other savers, until this transaction is through. */
const lockStatement: Statement = {
  name: 'personalizableLock',
  text: `SELECT id FROM "User" WHERE "shopId" = $1 AND id = ANY($2) AND "deactivatedAt" IS NULL
    ORDER BY id FOR NO KEY UPDATE`,
};

/** Asked after the lock is held, so that it sees what whoever had it before did. */
const withheldStatement: Statement = {
  name: 'personalizableWithheld',
  text: `SELECT "userId" AS id FROM "Consent"
    WHERE "shopId" = $1 AND "userId" = ANY($2) AND purpose = 'PERSONALIZATION' AND NOT granted`,
};

/**
 * Locks those of whom something may be kept (they did not withdraw PERSONALIZATION, and are not shut out), until the end of
 * the transaction, and answers them. Save what is told of shoppers within it: nothing is then kept after it was to be
 * forgotten.
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
