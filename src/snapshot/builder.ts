import { interactionCodes } from '../domain/interaction';
import type { EventWeights } from '../domain/shopPolicy';
import { assemble } from './assemble';
import { createInterner, grownTo, noSession, type RawColumns, rawColumnsOf } from './rawColumns';
import type { ProductDocument, Snapshot } from './snapshot';
import type { ShopperText } from './texts';

/** A batch of interactions as columns; the store's `scan` yields this shape (InteractionColumns). */
export interface InteractionBatch {
  readonly length: number;
  readonly userIds: readonly string[];
  /** Null for searches without a product. */
  readonly productIds: readonly (string | null)[];
  /** Code of the type (domain `interactionCodes`). */
  readonly types: Uint8Array;
  /** NaN for none. */
  readonly values: Float64Array;
  readonly sessionIds: readonly (string | null)[];
  /** Texts of searches, null for none; absent where they were not read. */
  readonly queryTexts?: readonly (string | null)[];
  readonly occurredAt: Float64Array;
}

/** Takes batches, then builds one snapshot. */
export interface SnapshotBuilder {
  /**
   * Adds a batch. Events without a product or after `asOf` are left out, but texts of searches are added.
   * The batch itself is not kept.
   */
  add(batch: InteractionBatch): void;
  /**
   * Adds the document of a product, which then has a row also without any event. The last document counts.
   */
  describe(productId: string, document: ProductDocument): void;
  /** Adds a text that a shopper wrote. */
  addText(text: ShopperText): void;
  /** Returns whether an event that was added names the product. */
  hasEvents(productId: string): boolean;
  /** Returns the snapshot of all that was added: the same for the same events in any batches and order. */
  build(): Promise<Snapshot>;
}

/** What a snapshot covers. */
export interface SnapshotBuilderOptions {
  /** Latest instant of events (inclusive), milliseconds since the epoch. */
  readonly asOf: number;
  /** When true, the snapshot's `asOf` is the instant of its last event (0 without events), and no text is later. */
  readonly endsAtLastEvent?: boolean;
  /** Weights of the shop. The defaults when absent: for data that belong to no shop. */
  readonly eventWeights?: EventWeights;
}

const firstCapacity = 4096;
const search = interactionCodes.SEARCH;

/**
 * Returns a builder that collects interactions in typed arrays (25 bytes per event, doubled when full) and interned ids.
 * Users and products have rows in order of their ids. Without an event that counts, users have no row; products have one
 * only when they were described.
 */
export function createSnapshotBuilder({
  asOf,
  endsAtLastEvent = false,
  eventWeights,
}: SnapshotBuilderOptions): SnapshotBuilder {
  const users = createInterner();
  const products = createInterner();
  const sessions = createInterner();
  const documents = new Map<string, ProductDocument>();
  const texts: ShopperText[] = [];
  let columns: RawColumns = rawColumnsOf(firstCapacity);
  let length = 0;
  let lastEvent = 0;

  function addOne(batch: InteractionBatch, index: number, productId: string): void {
    columns.user[length] = users.indexOf(batch.userIds[index]);
    columns.product[length] = products.indexOf(productId);
    columns.type[length] = batch.types[index];
    columns.value[length] = batch.values[index];
    columns.occurredAt[length] = batch.occurredAt[index];
    const sessionId = batch.sessionIds[index];
    columns.session[length] = sessionId === null ? noSession : sessions.indexOf(sessionId);
    lastEvent = Math.max(lastEvent, batch.occurredAt[index]);
    length++;
  }

  function addSearch(batch: InteractionBatch, index: number): void {
    const text = batch.queryTexts?.[index] ?? null;
    const occurredAt = batch.occurredAt[index];
    if (text !== null && batch.types[index] === search && occurredAt <= asOf)
      texts.push({ kind: 'SEARCH', userId: batch.userIds[index], text, occurredAt });
  }

  return {
    add(batch) {
      if (length + batch.length > columns.length) {
        columns = grownTo(columns, Math.max(2 * columns.length, length + batch.length));
      }
      for (let index = 0; index < batch.length; index++) {
        const productId = batch.productIds[index];
        if (productId !== null && batch.occurredAt[index] <= asOf) addOne(batch, index, productId);
        addSearch(batch, index);
      }
    },
    describe(productId, document) {
      documents.set(productId, document);
    },
    addText(text) {
      texts.push(text);
    },
    hasEvents: productId => products.has(productId),
    build() {
      for (const productId of documents.keys()) products.indexOf(productId);
      return assemble({
        asOf: endsAtLastEvent ? lastEvent : asOf,
        length,
        columns,
        userIds: users.ids,
        productIds: products.ids,
        sessionIds: sessions.ids,
        ...(documents.size > 0 && { documents }),
        ...(texts.length > 0 && { texts }),
        ...(eventWeights && { eventWeights }),
      });
    },
  };
}
