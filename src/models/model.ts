import type { Artifact } from '../artifact/artifact';
import type { TogetherEvidence } from '../domain/recommendation';
import type { SettingOverrides } from '../learning/settings';
import type { TrainableCard } from '../learning/trainableCard';
import type { TrainContext } from '../learning/trainContext';
import type { ProductDocument, Snapshot } from '../snapshot/snapshot';
import type { Vocabulary } from '../snapshot/vocabulary';

/**
 * What one shopper bought, by orders (snapshot/orders.ts). The columns have one entry per entry of the history; the totals count
 * all products, those that the scorer does not know included.
 */
export interface ShopperPurchases {
  /** Number of the shopper's orders with the product; 0 where they never bought it. */
  readonly orders: Uint32Array;
  /** Instant of the first order with the product, milliseconds since the epoch; NaN where they never bought it. */
  readonly firstAt: Float64Array;
  /** Instant of the latest order with the product; NaN where they never bought it. */
  readonly lastAt: Float64Array;
  /** Number of the shopper's orders after the latest one with the product; 0 where they never bought it. */
  readonly ordersSince: Uint32Array;
  /** Orders with at least one purchase, at least 1. */
  readonly orderCount: number;
  /** Instant of the shopper's first order. */
  readonly firstOrderAt: number;
  /** Instant of the shopper's latest order. */
  readonly lastOrderAt: number;
  /** Distinct products per order, summed over the orders. */
  readonly lineCount: number;
  /** Distinct products of all orders. */
  readonly productCount: number;
}

/** When a shopper buys again: one value per entry of the history, NaN where they never bought the product. */
export interface DueColumns {
  /** Probability of buying the product again within 7 days. */
  readonly within7Days: Float64Array;
  /** Probability of buying the product again within 30 days; at least that within 7 days. */
  readonly within30Days: Float64Array;
  /**
   * Instant by which the product is bought again with probability ½, milliseconds since the epoch. NaN also where that is
   * more than a year after the instant of the request.
   */
  readonly dueAt: Float64Array;
}

/**
 * The latest interactions of one shopper, passed to a scorer with each request. Rows are rows of `Scorer.products`; the
 * caller leaves out products that the scorer does not know. One entry per product (weights already summed), oldest first.
 * Entries of one instant are one order: a set, whose sequence is drawn and means nothing.
 */
export interface ShopperHistory {
  readonly productRows: Uint32Array;
  /** Preference by event weights: > 0 liked, < 0 disliked. Same length as productRows. */
  readonly weights: Float32Array;
  /** Latest event with the product, milliseconds since the epoch. Same length as productRows. */
  readonly occurredAt: Float64Array;
  /** The instant of the request, milliseconds since the epoch. */
  readonly now: number;
  /** Latest stars the shopper gave each product, NaN where none. Absent when the shopper rated nothing. */
  readonly stars?: Float32Array;
  /** What the shopper bought. Absent when they bought nothing. */
  readonly purchases?: ShopperPurchases;
}

/** A shopper's state in a sequence model: an event costs one step instead of a pass over the whole history. */
export interface LiveState {
  /**
   * Adds the shopper's next interaction with its own weight; weights of a product add up. A product that came before
   * moves to the end.
   */
  append(productRow: number, weight: number, occurredAt: number): void;
  /**
   * Writes the same scores as `scoreInto` of the whole history, up to rounding.
   *
   * @param out - [products.size]
   */
  scoreInto(out: Float32Array): void;
}

/** Products and shoppers as vectors: row·query equals the score of `scoreInto`, so an index can find the best products. */
export interface ProductVectors {
  /** A multiple of 4. */
  readonly columns: number;
  /** [products.size × columns]. */
  readonly rows: Float32Array;
  /** One per product: 0 where `scoreInto` writes NaN for every history. Absent when there is no such product. */
  readonly scored?: Uint8Array;
  /**
   * Writes a shopper's vector. Returns false when the model has no score for this shopper.
   *
   * @param out - [columns]
   */
  queryInto(history: ShopperHistory, out: Float32Array): boolean;
}

/** What every scorer does. It holds no shopper: the caller passes the history, so a new visitor needs no training. */
interface BaseScorer {
  readonly products: Vocabulary;
  /**
   * Scores every product for every history: higher is better, NaN where the model has no score. A whole row is NaN when
   * the history is empty and the card does not declare `coldStart`.
   *
   * @param out - [histories.length × products.size], row-major
   * @throws {RangeError} when `out` has another length
   */
  scoreInto(histories: readonly ShopperHistory[], out: Float32Array): void;
}

/**
 * Capabilities of models, and the members that each adds to a scorer. This is the only list: cards declare names from
 * it, `Scorer<C>` requires the members, and `capability.ts` asks for them at run time.
 */
export interface CapabilityMembers {
  /** Scores shoppers without history. Adds no member: it is a property of `scoreInto`. */
  readonly coldStart: unknown;
  readonly similar: {
    /**
     * Writes the similarity of every product to one product; NaN for the product itself.
     *
     * @param out - [products.size]
     */
    similarInto(productRow: number, out: Float32Array): void;
  };
  /** Such a model ranks products for a cart, not for a shopper's taste. */
  readonly complements: {
    /**
     * Writes how well every product completes a set of products (a cart): higher is better; NaN for those products
     * themselves and where nothing is known.
     *
     * @param productRows - distinct, at least one
     * @param out - [products.size]
     */
    complementsInto(productRows: Uint32Array, out: Float32Array): void;
    /**
     * Writes how likely every product is the next of a cart, from what was bought together, and from categories and popularity as far
     * as that is little; NaN for the products of the cart.
     *
     * @param productRows - distinct, at least one
     * @param out - [products.size]
     */
    scoreCartInto(productRows: Uint32Array, out: Float32Array): void;
    /** Returns the strongest evidence that a product goes with one product of a set; null where there is none. */
    evidenceOf(productRows: Uint32Array, row: number): TogetherEvidence | null;
  };
  readonly retrieve: {
    /** The scores of `scoreInto` as inner products. */
    readonly vectors: ProductVectors;
  };
  readonly rate: {
    /**
     * Writes the stars that the shopper would give every product.
     *
     * @param out - [products.size]
     */
    rateInto(history: ShopperHistory, out: Float32Array): void;
  };
  readonly admit: {
    /**
     * Returns a scorer that also knows these products, which were described after training. Known products get their new
     * texts and keep their rows; new ones follow. This scorer does not change.
     *
     * @param documents - by product id
     */
    admit(documents: ReadonlyMap<string, ProductDocument>): Scorer<'admit'>;
  };
  readonly tellLiked: {
    /** Returns whether somebody liked the product in the training data; false when only its documents are known. */
    wasLiked(productRow: number): boolean;
  };
  readonly buyAgain: {
    /**
     * Writes when the shopper buys each product of the history again.
     *
     * @param out - each column has the length of `history.productRows`
     */
    dueInto(history: ShopperHistory, out: DueColumns): void;
    /** Returns whether shoppers buy products of this kind again, so that lists keep them after a purchase. */
    isRepeated(productRow: number): boolean;
    /**
     * Returns how likely the shopper buys what is new to them: the mean log-odds, within 30 days, of the 200 products without an entry in
     * the history that they most likely buy. 0 without such a product.
     */
    firstPurchaseOf(history: ShopperHistory): number;
  };
  readonly openState: {
    /** Returns a state that has consumed a history (which may be empty). */
    openState(history: ShopperHistory): LiveState;
  };
}

/** Something a model can do, beside scoring products for shoppers with a history. */
export type Capability = keyof CapabilityMembers;

type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer All,
) => void
  ? All
  : never;

/** A loaded model with the members of capabilities `C`. `Scorer` without `C` is any scorer: ask with `can` first. */
export type Scorer<C extends Capability = never> = BaseScorer & Intersection<CapabilityMembers[C]>;

/** What a model is, as data: shared code reads the card, never the name. */
export interface ModelCard<C extends Capability = Capability> extends TrainableCard {
  /** What every scorer of the model can do. */
  readonly capabilities: readonly C[];
  /** What a scorer can do or not, by what it was trained with: an ensemble has what one of its parts has. */
  readonly trainedCapabilities?: readonly Capability[];
  /** `RecommendedItem.source` of its items. */
  readonly servesAs: 'MODEL' | 'POPULAR';
}

/** A way to learn from a snapshot. A factory closes over its settings, so `Model` has no parameter for them. */
export interface Model {
  readonly card: ModelCard;
  /** The settings it was made with, by name, when the registry made it: comparing them shows a changed setting. */
  readonly settings?: SettingOverrides;
  /** @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED */
  train(snapshot: Snapshot, context: TrainContext): Promise<Artifact>;
  /** @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite */
  load(artifact: Artifact): Scorer;
}

/** The model of a card: its scorers must have every capability that the card declares. */
export interface ModelOf<Card extends ModelCard> extends Model {
  readonly card: Card;
  load(artifact: Artifact): Scorer<Card['capabilities'][number]>;
}
