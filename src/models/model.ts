import type { Artifact } from '../artifact/artifact';
import type { TogetherEvidence } from '../domain/recommendation';
import type { TrainableCard } from '../learning/trainableCard';
import type { TrainContext } from '../learning/trainContext';
import type { ProductDocument, Snapshot } from '../snapshot/snapshot';
import type { Vocabulary } from '../snapshot/vocabulary';

/** What a model is and needs, as data: shared code asks the card, never the name. */
export interface ModelCard extends TrainableCard {
  /** True when it answers a shopper without history. */
  readonly coldStart: boolean;
  /** True when the scorer has `similarInto`. */
  readonly similar: boolean;
  /** True when the scorer has `rateInto`. */
  readonly rates?: boolean;
  /** True when it learns from `Snapshot.documentVectors`: it is trained only where an encoder is configured. */
  readonly readsVectors?: boolean;
  /**
   * True when the scorer has `complementsInto`. Such a model is asked what goes with a cart, not for a shopper's taste.
   */
  readonly complements?: boolean;
  /** What `RecommendedItem.source` its items carry. */
  readonly servesAs: 'MODEL' | 'POPULAR';
}

/**
 * What a scorer is told of a shopper: the latest interactions, folded in at request time. Rows are rows of
 * `Scorer.products`; products the scorer never saw are left out by the caller. One entry a product (weights already
 * summed), oldest first.
 */
export interface ShopperHistory {
  readonly productRows: Uint32Array;
  /** Preference by event weights: > 0 liked, < 0 disliked. Same length as productRows. */
  readonly weights: Float32Array;
  /** Latest event with the product, milliseconds since the epoch. Same length as productRows. */
  readonly occurredAt: Float64Array;
  /** The instant of the request, milliseconds since the epoch. */
  readonly now: number;
  /** Latest stars the shopper gave each product, NaN where none. Left out where nobody rates. */
  readonly stars?: Float32Array;
}

/** A shopper as a model of sequences remembers them: an event costs one step, not a reading of the history. */
export interface LiveState {
  /** Takes the shopper's next interaction, with its own weight: weights of a product add up. A product that came before moves to the end. */
  append(productRow: number, weight: number, occurredAt: number): void;
  /**
   * The same scores as `scoreInto` of the whole history, to rounding.
   *
   * @param out - [products.size]
   */
  scoreInto(out: Float32Array): void;
}

/** Products and shoppers as vectors: row·query is the score of `scoreInto`, so that the best can be found without all. */
export interface ProductVectors {
  /** A multiple of 4. */
  readonly columns: number;
  /** [products.size × columns]. */
  readonly rows: Float32Array;
  /** One a product: 0 where `scoreInto` answers NaN whatever the history. Left out: nowhere. */
  readonly scored?: Uint8Array;
  /**
   * Writes a shopper's vector; false when the model cannot say anything of them.
   *
   * @param out - [columns]
   */
  queryInto(history: ShopperHistory, out: Float32Array): boolean;
}

/** A loaded model. Holds no shopper: whoever asks brings the history, so a new visitor is served like any other. */
export interface Scorer {
  readonly products: Vocabulary;
  /**
   * Scores every product for every history: higher is better; NaN where the model cannot say (for a whole row when
   * the history is empty and the card says coldStart: false).
   *
   * @param out - [histories.length × products.size], row-major
   * @throws {RangeError} when `out` has another length
   */
  scoreInto(histories: readonly ShopperHistory[], out: Float32Array): void;
  /**
   * Likeness of every product to one; the product itself is NaN. Present when the card says `similar`.
   *
   * @param out - [products.size]
   */
  similarInto?(productRow: number, out: Float32Array): void;
  /**
   * How well every product completes a set of products (a cart): higher is better; NaN for those products themselves and
   * where nothing is known. Present when the card says `complements`.
   *
   * @param productRows - distinct, at least one
   * @param out - [products.size]
   */
  complementsInto?(productRows: Uint32Array, out: Float32Array): void;
  /**
   * The surest evidence that a product goes with one of a set; null where there is none. Present where the model keeps it.
   */
  evidenceOf?(productRows: Uint32Array, row: number): TogetherEvidence | null;
  /**
   * A scorer that also knows these products, described after training: known products take their new words and keep
   * their rows, the others come after them. This scorer stays as it is. Present where the model reads documents.
   *
   * @param documents - by product id
   */
  admit?(documents: ReadonlyMap<string, ProductDocument>): Scorer;
  /**
   * Whether somebody liked the product in the data of the training; false: it is known by its documents alone. Present
   * where the model reads documents and can tell.
   */
  wasLiked?(productRow: number): boolean;
  /** The same scores as inner products. Present where `scoreInto` is nothing else. */
  readonly vectors?: ProductVectors;
  /** A state that has taken a history (which may be empty). Present where a step is cheaper than the whole history. */
  openState?(history: ShopperHistory): LiveState;
  /**
   * Stars the shopper would give every product. Present where the model learns from ratings.
   *
   * @param out - [products.size]
   */
  rateInto?(history: ShopperHistory, out: Float32Array): void;
}

/** A way to learn from a snapshot. A factory closes over its settings, so `Model` needs no type parameter. */
export interface Model {
  readonly card: ModelCard;
  /** What it was made with, by name, where the registry made it: shared code compares these, to know a changed setting. */
  readonly settings?: Readonly<Record<string, number>>;
  /** @throws {GatewayError} TRAINING_DATA_INSUFFICIENT, CANCELLED */
  train(snapshot: Snapshot, context: TrainContext): Promise<Artifact>;
  /** @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or not finite */
  load(artifact: Artifact): Scorer;
}
