import type { ProductId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import { deactivatedShopper } from '../../intake/deactivatedShopper';
import { type Problem, problem } from '../../intake/rejections';
import { quotaKeyOf } from '../limits/hourlyQuota';
import type { GraphqlContext } from '../request/context';

/** Which valid events of a batch are not stored, by position among the valid ones. */
export interface Admission {
  readonly refusals: ReadonlyMap<number, Problem>;
  /** Seconds after which events refused by a limit may be sent again; null when there are none. */
  readonly retryAfterSeconds: number | null;
}

const productUnknown = problem(
  'PRODUCT_UNKNOWN',
  'productId',
  'a product of the shop with a SHOPPER credential',
  'an unknown one',
  'Send the product with productsUpsert first, or the event with a STOREFRONT or INGEST credential.',
);
const tooManyEvents = (seconds: number): Problem =>
  problem(
    'RATE_LIMITED',
    '',
    'fewer events of this shopper per hour',
    'more than the limit',
    `Send the event again after ${seconds} s.`,
  );
const tooManyStubs = (seconds: number): Problem =>
  problem(
    'RATE_LIMITED',
    'productId',
    'fewer events of unknown products per hour',
    'more than the limit of the shop',
    `Send the products with productsUpsert first, or the event again after ${seconds} s.`,
  );

/** Refuses the events beyond the hourly limit of a shopper: the last ones of the batch. */
function limitShopper(positions: readonly number[], { services, principal, now }: GraphqlContext): Admission {
  const { shopperEvents } = services.quotas;
  const granted = shopperEvents.take(quotaKeyOf(principal), positions.length, now);
  const { refillSeconds } = shopperEvents;
  const refused = positions.slice(granted).map(position => [position, tooManyEvents(refillSeconds)] as const);
  return { refusals: new Map(refused), retryAfterSeconds: refused.length > 0 ? refillSeconds : null };
}

/** Refuses the events whose products would become more stubs than the shop may create per hour. */
function limitStubs(
  rows: readonly Interaction[],
  positions: readonly number[],
  unknown: ReadonlySet<ProductId>,
  { services, principal, now }: GraphqlContext,
): Admission {
  const { productStubs } = services.quotas;
  const isUnknown = ({ productId }: Interaction) => productId !== null && unknown.has(productId);
  const affected = positions.filter(position => isUnknown(rows[position]));
  const ids = [...new Set(affected.map(position => rows[position].productId))];
  const granted = new Set(ids.slice(0, productStubs.take(principal.shopId, ids.length, now)));
  const { refillSeconds } = productStubs;
  const refused = affected
    .filter(position => !granted.has(rows[position].productId))
    .map(position => [position, tooManyStubs(refillSeconds)] as const);
  return { refusals: new Map(refused), retryAfterSeconds: refused.length > 0 ? refillSeconds : null };
}

/**
 * Returns which events must not be stored: those of deactivated shoppers, events of a SHOPPER credential for unknown
 * products, and those beyond the hourly limits.
 *
 * @param rows - valid events
 * @throws {GatewayError} UNAVAILABLE
 */
export async function admitEvents(rows: readonly Interaction[], context: GraphqlContext): Promise<Admission> {
  if (rows.length === 0) return { refusals: new Map(), retryAfterSeconds: null };
  const { services, principal } = context;
  const { shopId, role } = principal;
  const [rights, unknown] = await Promise.all([
    services.stores.users.rightsOf(shopId, [...new Set(rows.map(({ userId }) => userId))]),
    services.recommender.unknownProducts(shopId, [
      ...new Set(rows.flatMap(({ productId }) => productId ?? [])),
    ]),
  ]);
  const refusals = new Map<number, Problem>();
  for (const [position, row] of rows.entries()) {
    const { userId, productId } = row;
    const refusal = deactivatedShopper(row, rights.get(userId), context.now);
    if (refusal !== null) refusals.set(position, refusal);
    else if (role === 'SHOPPER' && productId !== null && unknown.has(productId))
      refusals.set(position, productUnknown);
  }
  const positions = [...rows.keys()].filter(position => !refusals.has(position));
  const limited =
    role === 'SHOPPER' ? limitShopper(positions, context) : limitStubs(rows, positions, unknown, context);
  return {
    refusals: new Map([...refusals, ...limited.refusals]),
    retryAfterSeconds: limited.retryAfterSeconds,
  };
}
