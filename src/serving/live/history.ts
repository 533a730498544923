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
import { clampPairWeight, eventWeightOf } from '../../snapshot/eventWeight';
import type { Vocabulary } from '../../snapshot/vocabulary';

/** A shopper's latest interactions with one product, summed. */
interface FoldedProduct {
  weight: number;
  occurredAt: number;
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
  readonly products: ReadonlyMap<string, Readonly<FoldedProduct>>;
  /** Products that the shop's already-seen rule leaves out of this shopper's lists. */
  readonly settled: ReadonlySet<ProductId>;
}

/** The history of a shopper who is unknown or whose events may not be used. */
export const emptyHistory: FoldedHistory = { products: new Map(), settled: new Set() };

/** Products on the shopper's screen and in their cart: current signs, which are not stored yet. */
export interface ShoppingContext {
  readonly cartProductIds: readonly ProductId[];
  readonly currentProductId: ProductId | null;
  readonly now: number;
}

/** Types of the events that settle a product under each rule. */
const settlingTypes: Readonly<Record<AlreadySeenRule, ReadonlySet<InteractionType>>> = {
  KEEP: new Set(),
  EXCLUDE_PURCHASED: new Set(['PURCHASE', 'RETURN', 'DISLIKE']),
  EXCLUDE_SEEN: new Set(interactionTypes),
};
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
  if (known === undefined) products.set(id, { weight, occurredAt: now });
  else {
    known.weight = Math.max(known.weight, weight);
    known.occurredAt = Math.max(known.occurredAt, now);
  }
}

/** Returns whether an event leaves its product out of the shopper's lists. */
function settlingBy({ rule, days }: ShopPolicy['alreadySeen'], now: number): (event: Interaction) => boolean {
  const types = settlingTypes[rule];
  const since = days === null ? Number.NEGATIVE_INFINITY : now - days * msPerDay;
  return ({ type, occurredAt }) => types.has(type) && occurredAt >= since;
}

/**
 * Sums the weights of a shopper's events by product, the same way snapshots do (clamped to ±maxPairWeight), and adds
 * the cart (as CART_ADD) and the current product (as VIEW) as events of this instant. Keeps the latest stars.
 *
 * @param events - of one shopper, in any order; those without a product are ignored
 * @param policy - the shop's: how much events weigh, and which of them settle a product
 */
export function foldHistory(
  events: readonly Interaction[],
  context: ShoppingContext,
  { eventWeights: weights, alreadySeen }: Pick<ShopPolicy, 'eventWeights' | 'alreadySeen'>,
): FoldedHistory {
  const settles = settlingBy(alreadySeen, context.now);
  const products = new Map<string, FoldedProduct>();
  const settled = new Set<ProductId>();
  for (const event of events) {
    const { productId, occurredAt } = event;
    if (productId === null) continue;
    if (settles(event)) settled.add(productId);
    const weight = weightOf(event, weights);
    const known = products.get(productId);
    const rating = laterRating(known?.rating, event);
    products.set(productId, {
      weight: (known?.weight ?? 0) + weight,
      occurredAt: Math.max(known?.occurredAt ?? Number.NEGATIVE_INFINITY, occurredAt),
      ...(rating && { rating }),
    });
  }
  for (const folded of products.values()) folded.weight = clampPairWeight(folded.weight);
  const cartWeight = signWeight(signCodes.cart, weights);
  for (const id of context.cartProductIds) addSign(products, id, cartWeight, context.now);
  if (context.currentProductId !== null) {
    addSign(products, context.currentProductId, signWeight(signCodes.current, weights), context.now);
  }
  return { products, settled };
}

/**
 * Returns the history in the rows of one scorer, oldest first. Unknown products are left out, so it may be empty.
 *
 * @param now - instant of the request, milliseconds since the epoch
 */
export function historyForScorer(history: FoldedHistory, products: Vocabulary, now: number): ShopperHistory {
  const entries: { readonly folded: Readonly<FoldedProduct>; readonly row: number }[] = [];
  for (const [id, folded] of history.products) {
    const row = products.rowOf(id);
    if (row >= 0) entries.push({ folded, row });
  }
  entries.sort((a, b) => a.folded.occurredAt - b.folded.occurredAt || a.row - b.row);
  const productRows = new Uint32Array(entries.length);
  const weights = new Float32Array(entries.length);
  const occurredAt = new Float64Array(entries.length);
  for (const [index, { folded, row }] of entries.entries()) {
    productRows[index] = row;
    weights[index] = folded.weight;
    occurredAt[index] = folded.occurredAt;
  }
  if (!entries.some(({ folded }) => folded.rating)) return { productRows, weights, occurredAt, now };
  const stars = Float32Array.from(entries, ({ folded }) => folded.rating?.stars ?? Number.NaN);
  return { productRows, weights, occurredAt, now, stars };
}
