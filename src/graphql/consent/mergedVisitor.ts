import { toUserId } from '../../domain/ids';
import { type Problem, problem } from '../../intake/rejections';
import type { GraphqlContext } from '../request/context';

/** Why nothing is written for a visitor who was merged. It does not name the shopper, whom the caller may not know. */
export const mergedVisitor: Problem = problem(
  'USER_MERGED',
  'id',
  'the id of a shopper',
  'that of a visitor whom userIdentify merged into one',
  'Nothing was stored: send the id under which the shopper signed in.',
);

/**
 * Returns which rows are of visitors who were merged into shoppers, by their positions.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function mergedVisitors(
  rows: readonly { readonly id: string }[],
  { services, principal }: GraphqlContext,
): Promise<ReadonlyMap<number, Problem>> {
  const ids = rows.map(({ id }) => toUserId(id));
  const merged = await services.stores.users.identifiedAmong(principal.shopId, ids);
  const refusals = new Map<number, Problem>();
  for (const [position, id] of ids.entries()) if (merged.has(id)) refusals.set(position, mergedVisitor);
  return refusals;
}
