import type { EventWeights } from '../domain/shopPolicy';
import type { Vocabulary } from './vocabulary';

/** Interactions as columns, sorted by user row, then by time; the sequence of events of one instant is drawn (orders.ts). */
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
  /** Order number, ascending: events of one order share it and have no direction among each other (orders.ts). */
  readonly order: Uint32Array;
}

/** Sources of shoppers' texts; `TextColumns.kind` is an index into it. */
export const textKinds = ['SEARCH', 'POST', 'COMMENT'] as const;

/** Texts that shoppers searched for and wrote, sorted by user row, then occurredAt. Never part of an artifact. */
export interface TextColumns {
  readonly length: number;
  /** Index into {@link textKinds}. */
  readonly kind: Uint8Array;
  readonly userRow: Uint32Array;
  /** Milliseconds since the epoch. */
  readonly occurredAt: Float64Array;
  readonly texts: readonly string[];
}

/** Description of a product, for models that read texts. */
export interface ProductDocument {
  /** In all languages, the shop's own first. */
  readonly titles: readonly string[];
  /** In all languages, the shop's own first. */
  readonly descriptions: readonly string[];
  /** From the root down. */
  readonly categoryPath: readonly string[];
  /** Tags, and attributes as `name=value`. */
  readonly features: readonly string[];
  /** In minor units; NaN when unknown. */
  readonly priceMinor: number;
}

/** All training data of a shop, frozen at an instant. */
export interface Snapshot {
  /** Latest instant of events, milliseconds since the epoch. */
  readonly asOf: number;
  readonly users: Vocabulary;
  readonly products: Vocabulary;
  readonly events: EventColumns;
  /** Events of user row u are [userOffsets[u], userOffsets[u + 1]). Length users.size + 1. */
  readonly userOffsets: Uint32Array;
  /** By product row; null for an undescribed product. Absent where no product is described. */
  readonly documents?: readonly (ProductDocument | null)[];
  /**
   * By product row, from the configured encoder: [products × dimensions], zeros for an undescribed product. Absent without
   * an encoder.
   */
  readonly documentVectors?: { readonly dimensions: number; readonly rows: Float32Array };
  /** Texts that shoppers searched for and wrote; absent where they were not read. */
  readonly texts?: TextColumns;
  /** Weights of the shop (`ShopPolicy.eventWeights`): every reader of the snapshot uses these. */
  readonly eventWeights: EventWeights;
  /** Hex SHA-256 of all fields above: equal data have equal digests. */
  readonly digest: string;
}
