import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction, InteractionType } from '../../domain/interaction';
import type { Page, PageRequest } from './page';

/** Filter for interactions. Instants are inclusive, milliseconds since the epoch. */
export interface InteractionFilter {
  readonly types?: readonly InteractionType[];
  readonly since?: number;
  readonly until?: number;
}

/** A batch of interactions in columns, for snapshots: as objects, many rows would not fit in memory. */
export interface InteractionColumns {
  readonly length: number;
  readonly userIds: readonly string[];
  /** Null for searches without a product. */
  readonly productIds: readonly (string | null)[];
  /** Code of the type (domain `interactionCodes`). */
  readonly types: Uint8Array;
  /** NaN for no value. */
  readonly values: Float64Array;
  readonly sessionIds: readonly (string | null)[];
  /** Queries of searches. Null for other types. */
  readonly queryTexts: readonly (string | null)[];
  readonly occurredAt: Float64Array;
}

/** Stores interactions. */
export interface InteractionStore {
  /**
   * Stores the rows and creates stubs of unknown users and products. Resolves after the commit is durable; concurrent
   * calls may share one commit. Returns the outcome per row: a row whose (shop, id) is already stored, or is repeated in the
   * call, is a duplicate and changes nothing. So is an event of a shopper's own space (domain/eventKey.ts) when the shop's
   * space has the same event of the same shopper, received before. The reverse does not hold, so that no shopper can block
   * the shop. Either all rows of a call are stored or, when it rejects, none.
   *
   * @throws {GatewayError} UNAVAILABLE when the database cannot be reached; nothing was stored
   */
  insertMany(rows: readonly Interaction[]): Promise<readonly ('accepted' | 'duplicate')[]>;
  /** Latest `limit` interactions with a product per user, newest first. Users without any are absent. */
  recentOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly Interaction[]>>;
  /** As {@link recentOf}, including searches without a product. */
  recentWithSearchesOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly Interaction[]>>;
  /** By (occurredAt, id) descending. */
  pageOfUser(
    shopId: ShopId,
    userId: UserId,
    request: PageRequest,
    filter?: InteractionFilter,
  ): Promise<Page<Interaction>>;
  /** All interactions of the shop by (occurredAt, id) ascending, for export. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Interaction>>;
  /** All interactions with occurredAt ≤ until, in batches of columns. Their order is unspecified but stable. */
  scan(shopId: ShopId, until: number): AsyncIterable<InteractionColumns>;
  count(shopId: ShopId): Promise<number>;
  /** Deletes interactions that occurred before `before` (the shop's retention). Returns the number of deleted ones. */
  removeOlderThan(shopId: ShopId, before: number): Promise<number>;
}
