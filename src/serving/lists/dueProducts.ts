import { type ProductId, type ShopId, toProductId, type UserId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import { answerInstantOf } from '../live/eventsEnd';
import { foldHistory } from '../live/history';
import type { LiveShop } from '../live/liveShop';
import type { ShopperReading } from '../live/shopper';
import { eligibleUnder } from './draft';
import { duesOf, type ProductDue, repeatScorerOf } from './listRepeats';

/** A request for what a shopper buys again. */
export interface BuyAgainRequest {
  readonly shopId: ShopId;
  /** Null for an anonymous visitor, who has no purchases. */
  readonly userId: UserId | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A product that the shopper bought, and when they buy it again. */
export interface DueProduct extends ProductDue {
  readonly productId: ProductId;
  /** Instant of the latest order with it, milliseconds since the epoch. */
  readonly lastBoughtAt: number;
  /** Orders with it among the shopper's latest events, at least 1. */
  readonly timesBought: number;
}

/** What a shopper buys again, or why nothing is known. */
export interface BuyAgainAnswer {
  /** By probability within 7 days, descending. */
  readonly products: readonly DueProduct[];
  /** Null when there are products, or might have been. */
  readonly degraded: DegradedReason | null;
  /** Instant as of which the probabilities and dates hold; milliseconds since the epoch. */
  readonly asOf: number;
}

const none = (degraded: DegradedReason, asOf: number): BuyAgainAnswer => ({ products: [], degraded, asOf });

/** Why purchases may not or cannot be used; null when they can. */
function hiddenReason(reading: ShopperReading | null): DegradedReason | null {
  if (reading === null) return 'COLD_START';
  if (reading.kind === 'withheld') return 'CONSENT_WITHHELD';
  if (reading.kind === 'deactivated') return 'USER_DEACTIVATED';
  return reading.kind === 'unavailable' ? 'HISTORY_UNAVAILABLE' : null;
}

const byLikelihood = (a: DueProduct, b: DueProduct): number =>
  b.within7Days - a.within7Days ||
  b.within30Days - a.within30Days ||
  (a.productId < b.productId ? -1 : Number(a.productId > b.productId));

/**
 * Returns what a shopper buys again, of the products that may be listed. Products that they returned or disliked are left out by
 * every rule of the shop but KEEP; purchases are not, since they are what is asked for.
 */
export function dueProductsOf(
  shop: LiveShop,
  { now }: BuyAgainRequest,
  reading: ShopperReading | null,
): BuyAgainAnswer {
  const hidden = hiddenReason(reading);
  if (hidden !== null || reading?.kind !== 'known') return none(hidden ?? 'COLD_START', now);
  const scorer = repeatScorerOf(shop.shelf.current());
  if (scorer === null) return none('MODEL_NOT_TRAINED', now);
  const { eventWeights, alreadySeen } = shop.policy();
  const rule = alreadySeen.rule === 'KEEP' ? 'KEEP' : 'LEARNED';
  const asOf = answerInstantOf(shop, reading.events, now);
  const context = { cartProductIds: [], currentProductId: null, now: asOf };
  const history = foldHistory(reading, context, { eventWeights, alreadySeen: { ...alreadySeen, rule } });
  const { bought } = history.purchases;
  if (bought.size === 0) return none('COLD_START', asOf);
  const { catalogue, mask } = eligibleUnder(shop, {})();
  const products = [...duesOf(scorer, history, asOf)].flatMap(([id, due]): readonly DueProduct[] => {
    const productId = toProductId(id);
    const known = bought.get(id);
    const row = catalogue.rowOf(id);
    if (known === undefined || row < 0 || mask[row] !== 1 || history.settled.has(productId)) return [];
    return [{ productId, ...due, lastBoughtAt: known.lastAt, timesBought: known.orders }];
  });
  return { products: products.sort(byLikelihood), degraded: null, asOf };
}
