import type { ProductId } from '../../domain/ids';
import {
  type Interaction,
  type InteractionType,
  interactionCodes,
  interactionTypes,
  starTypes,
} from '../../domain/interaction';
import type { AlreadySeenRule, EventWeights, ShopPolicy } from '../../domain/shopPolicy';
import type { ShopperHistory } from '../../models/model';
import { type PurchaseLedger, purchaseLedgerOf } from '../../models/purchases';
import { hashText } from '../../numeric/hashText';
import { clampPairWeight, eventWeightOf } from '../../snapshot/eventWeight';
import { placesInOrder } from '../../snapshot/orders';
import type { Vocabulary } from '../../snapshot/vocabulary';

/** A shopper's latest interactions with one product, summed. */
interface FoldedProduct {
  weight: number;
  /** Instant of the product's latest order, milliseconds since the epoch. */
  occurredAt: number;
  /** Instant of the product's latest event: earlier than that of its order, where the order lasted longer than an instant. */
  lastEventAt: number;
  /** Latest stars; absent where the shopper gave none. */
  rating?: Rating;
}

/** Stars and when they were given. */
interface Rating {
  readonly stars: number;
  readonly at: number;
}

/** A shopper's latest interactions, one entry per product, by the shop's ids: the source of every scorer's history. */
export interface FoldedHistory {
  /** The shopper's id; empty without events. It decides the sequence within an order (snapshot/orders.ts). */
  readonly userId: string;
  readonly products: ReadonlyMap<string, Readonly<FoldedProduct>>;
  /** Products that the shop's already-seen rule leaves out of this shopper's lists. */
  readonly settled: ReadonlySet<ProductId>;
  /** Bought products that the rule leaves out, unless shoppers buy such products again. */
  readonly settledOnce: ReadonlySet<ProductId>;
  /** What the shopper bought, by product id. */
  readonly purchases: PurchaseLedger<string>;
}

/** The history of a shopper who is unknown or whose events may not be used. */
export const emptyHistory: FoldedHistory = {
  userId: '',
  products: new Map(),
  settled: new Set(),
  settledOnce: new Set(),
  purchases: purchaseLedgerOf<string>([]),
};

/** Products on the shopper's screen and in their cart: current signs, which are not stored yet. */
export interface ShoppingContext {
  readonly cartProductIds: readonly ProductId[];
  readonly currentProductId: ProductId | null;
  readonly now: number;
}

/** Types of the events that settle a product under each rule. */
const settlingTypes: Readonly<Record<AlreadySeenRule, ReadonlySet<InteractionType>>> = {
  LEARNED: new Set(['RETURN', 'DISLIKE']),
  KEEP: new Set(),
  EXCLUDE_PURCHASED: new Set(['PURCHASE', 'RETURN', 'DISLIKE']),
  EXCLUDE_SEEN: new Set(interactionTypes),
};
/** Types of the events that settle a product unless such products are bought again. */
const learnedTypes: ReadonlySet<InteractionType> = new Set(['PURCHASE']);
const msPerDay = 86_400_000;
const signCodes = { cart: interactionCodes.CART_ADD, current: interactionCodes.VIEW };

const weightOf = (event: Interaction, weights: EventWeights): number =>
  eventWeightOf(interactionCodes[event.type], event.value ?? Number.NaN, weights);

const signWeight = (typeCode: number, weights: EventWeights): number =>
  eventWeightOf(typeCode, Number.NaN, weights);

/** Returns the later of two ratings. */
function laterRating(
  known: Rating | undefined,
  { type, value, occurredAt }: Interaction,
): Rating | undefined {
  if (value === null || !starTypes.has(type)) return known;
  return known !== undefined && known.at > occurredAt ? known : { stars: value, at: occurredAt };
}

/** Adds a context sign as one such event at `now`; an event that is already stored does not count twice. */
function addSign(products: Map<string, FoldedProduct>, id: ProductId, weight: number, now: number): void {
  const known = products.get(id);
  if (known === undefined) products.set(id, { weight, occurredAt: now, lastEventAt: now });
  else {
    known.weight = Math.max(known.weight, weight);
    known.occurredAt = Math.max(known.occurredAt, now);
    known.lastEventAt = Math.max(known.lastEventAt, now);
  }
}

/** The products that a rule leaves out of the shopper's lists, always or unless such products are bought again. */
function settledBy(
  events: readonly Interaction[],
  { rule, days }: ShopPolicy['alreadySeen'],
  now: number,
): Pick<FoldedHistory, 'settled' | 'settledOnce'> {
  const since = days === null ? Number.NEGATIVE_INFINITY : now - days * msPerDay;
  const settled = new Set<ProductId>();
  const settledOnce = new Set<ProductId>();
  for (const { type, productId, occurredAt } of events) {
    if (productId === null || occurredAt < since) continue;
    if (settlingTypes[rule].has(type)) settled.add(productId);
    else if (rule === 'LEARNED' && learnedTypes.has(type)) settledOnce.add(productId);
  }
  return { settled, settledOnce };
}

/** Returns the session of which an event is a purchase; null for any other event. */
const purchasedSession = ({ type, sessionId }: Interaction): string | null =>
  type === 'PURCHASE' ? sessionId : null;

/**
 * Returns the end of each order that lasts longer than one instant, by the instants of its earlier events, in milliseconds.
 * Finds the same orders as `ordersOf` of snapshots. Empty for most shoppers.
 */
function orderEnds(events: readonly Interaction[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const bought = new Set<string>();
  const isRepeated = events.some(event => {
    const session = purchasedSession(event);
    if (session === null) return false;
    return bought.has(session) || !bought.add(session);
  });
  if (!isRepeated) return ends;
  const latestFirst = events
    .filter(({ productId }) => productId !== null)
    .sort((a, b) => b.occurredAt - a.occurredAt);
  let after: { readonly session: string | null; readonly end: number } = { session: null, end: Number.NaN };
  for (let start = 0; start < latestFirst.length; ) {
    const { occurredAt } = latestFirst[start];
    const session = purchasedSession(latestFirst[start]);
    let end = start;
    let isOneInvoice = session !== null;
    for (; end < latestFirst.length && latestFirst[end].occurredAt === occurredAt; end++)
      isOneInvoice &&= purchasedSession(latestFirst[end]) === session;
    const isContinued = isOneInvoice && session === after.session;
    if (isContinued) ends.set(occurredAt, after.end);
    after = { session: isOneInvoice ? session : null, end: isContinued ? after.end : occurredAt };
    start = end;
  }
  return ends;
}

/** Counts purchases by order, as snapshots do; an order that was read in part is left out. */
function purchasesOf(
  events: readonly Interaction[],
  partialAt: number | undefined,
  ends: ReadonlyMap<number, number>,
): PurchaseLedger<string> {
  const lines = events
    .filter(({ type, productId, occurredAt }) => type === 'PURCHASE' && productId && occurredAt !== partialAt)
    .map(({ productId, occurredAt }) => [String(productId), ends.get(occurredAt) ?? occurredAt] as const);
  return purchaseLedgerOf(lines.sort(([, a], [, b]) => a - b));
}

/**
 * Sums the weights of a shopper's events by product, the same way snapshots do (clamped to ±maxPairWeight), and adds
 * the cart (as CART_ADD) and the current product (as VIEW) as events of this instant. Keeps the latest stars. The time of a
 * product is that of its latest order (snapshot/orders.ts).
 *
 * @param reading - events of one shopper, in any order; those without a product are ignored. Those of an order that was read
 *   in part only settle their products
 * @param policy - the shop's: how much events weigh, and which of them settle a product
 */
export function foldHistory(
  { events, partialAt }: { readonly events: readonly Interaction[]; readonly partialAt?: number },
  context: ShoppingContext,
  { eventWeights: weights, alreadySeen }: Pick<ShopPolicy, 'eventWeights' | 'alreadySeen'>,
): FoldedHistory {
  const ends = orderEnds(events);
  const products = new Map<string, FoldedProduct>();
  for (const event of events) {
    const { productId, occurredAt } = event;
    if (productId === null || occurredAt === partialAt) continue;
    const weight = weightOf(event, weights);
    const known = products.get(productId);
    const rating = laterRating(known?.rating, event);
    const lastEventAt = Math.max(known?.lastEventAt ?? Number.NEGATIVE_INFINITY, occurredAt);
    products.set(productId, {
      weight: (known?.weight ?? 0) + weight,
      occurredAt: ends.get(lastEventAt) ?? lastEventAt,
      lastEventAt,
      ...(rating && { rating }),
    });
  }
  for (const folded of products.values()) folded.weight = clampPairWeight(folded.weight);
  const cartWeight = signWeight(signCodes.cart, weights);
  for (const id of context.cartProductIds) addSign(products, id, cartWeight, context.now);
  if (context.currentProductId !== null) {
    addSign(products, context.currentProductId, signWeight(signCodes.current, weights), context.now);
  }
  const purchases = purchasesOf(events, partialAt, ends);
  const settled = settledBy(events, alreadySeen, context.now);
  return { userId: events.at(0)?.userId ?? '', products, ...settled, purchases };
}

/** A product of a history, in the rows of a scorer. */
interface HistoryEntry {
  readonly id: string;
  readonly row: number;
  readonly folded: Readonly<FoldedProduct>;
}

/** Compares entries by time, and those of one instant by their drawn places, as snapshots do. */
function byTime(userId: string): (a: HistoryEntry, b: HistoryEntry) => number {
  const userHash = hashText(userId);
  return (a, b) => {
    const later = a.folded.lastEventAt - b.folded.lastEventAt;
    if (later !== 0) return later;
    const placeOf = placesInOrder(userHash, a.folded.lastEventAt);
    return placeOf(hashText(a.id)) - placeOf(hashText(b.id));
  };
}

/**
 * Returns the history in the rows of one scorer, oldest first. Unknown products are left out, so it may be empty.
 *
 * @param now - instant of the request, milliseconds since the epoch
 */
export function historyForScorer(history: FoldedHistory, products: Vocabulary, now: number): ShopperHistory {
  const entries: HistoryEntry[] = [];
  for (const [id, folded] of history.products) {
    const row = products.rowOf(id);
    if (row >= 0) entries.push({ id, row, folded });
  }
  entries.sort(byTime(history.userId));
  const productRows = new Uint32Array(entries.length);
  const weights = new Float32Array(entries.length);
  const occurredAt = new Float64Array(entries.length);
  for (const [index, { folded, row }] of entries.entries()) {
    productRows[index] = row;
    weights[index] = folded.weight;
    occurredAt[index] = folded.occurredAt;
  }
  const isRated = entries.some(({ folded }) => folded.rating);
  const starsOf = ({ folded }: HistoryEntry): number => folded.rating?.stars ?? Number.NaN;
  const purchases = history.purchases.of(entries.map(({ id }) => id));
  return {
    ...{ productRows, weights, occurredAt, now },
    ...(isRated && { stars: Float32Array.from(entries, starsOf) }),
    ...(purchases && { purchases }),
  };
}
