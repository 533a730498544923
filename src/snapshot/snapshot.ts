import type { EventWeights } from '../domain/shopPolicy';
import type { Vocabulary } from './vocabulary';

/** Interactions as columns, sorted by user row, then occurredAt, then input order. */
export interface EventColumns {
  readonly length: number;
  /** Uint32: row in `Snapshot.products`. SEARCH events without a product are not in a snapshot's columns. */
  readonly productRow: Uint32Array;
  /** Code of the type (domain `interactionCodes`). */
  readonly type: Uint8Array;
  /** Units or stars; NaN where the event has none. */
  readonly value: Float32Array;
  /** Milliseconds since the epoch. */
  readonly occurredAt: Float64Array;
  /** Session number, dense within the snapshot; events of one session share it. */
  readonly session: Uint32Array;
}

/** Where words of a shopper come from; `TextColumns.kind` is an index into it. */
export const textKinds = ['SEARCH', 'POST', 'COMMENT'] as const;

/** What shoppers searched for and wrote, sorted by user row, then occurredAt. Never part of an artifact. */
export interface TextColumns {
  readonly length: number;
  /** Index into {@link textKinds}. */
  readonly kind: Uint8Array;
  readonly userRow: Uint32Array;
  /** Milliseconds since the epoch. */
  readonly occurredAt: Float64Array;
  readonly texts: readonly string[];
}

/** What a shop says of a product, for models that read. */
export interface ProductDocument {
  /** In every language there is, the shop's own first. */
  readonly titles: readonly string[];
  /** In every language there is, the shop's own first. */
  readonly descriptions: readonly string[];
  /** From the root down. */
  readonly categoryPath: readonly string[];
  /** Tags, and attributes as `name=value`. */
  readonly features: readonly string[];
  /** In minor units; NaN when unknown. */
  readonly priceMinor: number;
}

/** Everything models learn from, frozen at an instant. */
export interface Snapshot {
  /** Instant up to which events are in, milliseconds since the epoch. */
  readonly asOf: number;
  readonly users: Vocabulary;
  readonly products: Vocabulary;
  readonly events: EventColumns;
  /** Events of user row u are [userOffsets[u], userOffsets[u + 1]). Length users.size + 1. */
  readonly userOffsets: Uint32Array;
  /** By product row; null for a product nobody described. Left out where nothing is known of any. */
  readonly documents?: readonly (ProductDocument | null)[];
  /**
   * By product row, from the encoder that the gateway is configured with: [products × dimensions], zeros for a product
   * nobody described. Left out where no encoder is.
   */
  readonly documentVectors?: { readonly dimensions: number; readonly rows: Float32Array };
  /** What shoppers searched for and wrote; left out where it was not read. */
  readonly texts?: TextColumns;
  /** The shop's own (`ShopPolicy.eventWeights`): every reader of the snapshot weighs events by these. */
  readonly eventWeights: EventWeights;
  /** Hex SHA-256 of all the above: equal data, equal digest. */
  readonly digest: string;
}
