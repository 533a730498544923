import { interactionCodes } from '../domain/interaction';
import type { EventWeights } from '../domain/shopPolicy';
import { assemble } from './assemble';
import { createInterner, grownTo, noSession, type RawColumns, rawColumnsOf } from './rawColumns';
import { type ShopperBounds, textsWithinBounds, withinBounds } from './shopperBounds';
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
  /** Limits what counts of one shopper. Without it everything counts: for data that belong to no shop. */
  readonly bounds?: ShopperBounds;
  /** Users whose events and texts do not count. */
  readonly withheld?: ReadonlySet<string>;
}

const firstCapacity = 4096;
const search = interactionCodes.SEARCH;

/** Interactions in typed arrays, doubled when full, and interned ids. */
class ColumnBuilder implements SnapshotBuilder {
  readonly #users = createInterner();
  readonly #products = createInterner();
  readonly #sessions = createInterner();
  readonly #documents = new Map<string, ProductDocument>();
  readonly #texts: ShopperText[] = [];
  #columns: RawColumns = rawColumnsOf(firstCapacity);
  #length = 0;
  #lastEvent = 0;

  constructor(private readonly options: SnapshotBuilderOptions) {}

  add(batch: InteractionBatch): void {
    const { asOf } = this.options;
    this.#reserve(batch.length);
    for (let index = 0; index < batch.length; index++) {
      const productId = batch.productIds[index];
      if (this.options.withheld?.has(batch.userIds[index])) continue;
      if (productId !== null && batch.occurredAt[index] <= asOf) this.#addOne(batch, index, productId);
      this.#addSearch(batch, index);
    }
  }

  describe(productId: string, document: ProductDocument): void {
    this.#documents.set(productId, document);
  }

  addText(text: ShopperText): void {
    if (!this.options.withheld?.has(text.userId)) this.#texts.push(text);
  }

  hasEvents(productId: string): boolean {
    return this.#products.has(productId);
  }

  build(): Promise<Snapshot> {
    const { asOf, endsAtLastEvent = false, eventWeights, bounds } = this.options;
    const { columns, length } = this.#bounded();
    const texts = bounds === undefined ? this.#texts : textsWithinBounds(this.#texts, bounds);
    for (const productId of this.#documents.keys()) this.#products.indexOf(productId);
    return assemble({
      asOf: endsAtLastEvent ? this.#lastEvent : asOf,
      length,
      columns,
      userIds: this.#users.ids,
      productIds: this.#products.ids,
      sessionIds: this.#sessions.ids,
      ...(this.#documents.size > 0 && { documents: this.#documents }),
      ...(texts.length > 0 && { texts }),
      ...(eventWeights && { eventWeights }),
    });
  }

  #bounded(): { readonly columns: RawColumns; readonly length: number } {
    const { bounds } = this.options;
    const all = { columns: this.#columns, length: this.#length };
    if (bounds === undefined) return all;
    const [userCount, productIds] = [this.#users.ids.length, this.#products.ids];
    return withinBounds({ ...all, userCount, productIds }, bounds);
  }

  #reserve(added: number): void {
    const needed = this.#length + added;
    if (needed <= this.#columns.length) return;
    this.#columns = grownTo(this.#columns, Math.max(2 * this.#columns.length, needed));
  }

  #addOne(batch: InteractionBatch, index: number, productId: string): void {
    const columns = this.#columns;
    const at = this.#length++;
    columns.user[at] = this.#users.indexOf(batch.userIds[index]);
    columns.product[at] = this.#products.indexOf(productId);
    columns.type[at] = batch.types[index];
    columns.value[at] = batch.values[index];
    columns.occurredAt[at] = batch.occurredAt[index];
    const sessionId = batch.sessionIds[index];
    columns.session[at] = sessionId === null ? noSession : this.#sessions.indexOf(sessionId);
    this.#lastEvent = Math.max(this.#lastEvent, batch.occurredAt[index]);
  }

  #addSearch(batch: InteractionBatch, index: number): void {
    const text = batch.queryTexts?.[index] ?? null;
    const occurredAt = batch.occurredAt[index];
    if (text !== null && batch.types[index] === search && occurredAt <= this.options.asOf)
      this.#texts.push({ kind: 'SEARCH', userId: batch.userIds[index], text, occurredAt });
  }
}

/**
 * Returns a builder that collects interactions in typed arrays (25 bytes per event, doubled when full) and interned ids.
 * Users and products have rows in order of their ids. Without an event that counts, users have no row; products have one
 * only when they were described.
 */
export const createSnapshotBuilder = (options: SnapshotBuilderOptions): SnapshotBuilder =>
  new ColumnBuilder(options);
