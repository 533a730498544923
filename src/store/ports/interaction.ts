import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction, InteractionType } from '../../domain/interaction';
import type { Page, PageRequest } from './page';

/** Narrows a page of interactions. */
export interface InteractionFilter {
  readonly types?: readonly InteractionType[];
  readonly since?: number;
  readonly until?: number;
}

/** A batch of interactions as columns, for snapshots: 1 GB of rows would not fit as objects. */
export interface InteractionColumns {
  readonly length: number;
  readonly userIds: readonly string[];
  /** Null for searches without a product. */
  readonly productIds: readonly (string | null)[];
  /** Code of the type (domain `interactionCodes`). */
  readonly types: Uint8Array;
  /** NaN for none. */
  readonly values: Float64Array;
  readonly sessionIds: readonly (string | null)[];
  /** Words of searches; null for everything else. */
  readonly queryTexts: readonly (string | null)[];
  readonly occurredAt: Float64Array;
}

/** Events. */
export interface InteractionStore {
  /**
   * Keeps the rows, creating stub users and products they name. Resolves after the commit is durable; concurrent calls
   * may share one commit. Answers per row: a row whose (shop, id) is already kept, or came earlier in the call, is a
   * duplicate and changes nothing. All rows of a call are kept, or (when it rejects) none is.
   *
   * @throws {GatewayError} UNAVAILABLE when the database cannot be reached: nothing was kept
   */
  insertMany(rows: readonly Interaction[]): Promise<readonly ('accepted' | 'duplicate')[]>;
  /** Latest `limit` interactions of each user that name a product, newest first. Users without any are absent. */
  recentOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly Interaction[]>>;
  /** As {@link recentOf}, with those that name no product (searches) among them. */
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
  /** By (occurredAt, id) ascending: all interactions of the shop, for export. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Interaction>>;
  /** Every interaction with occurredAt ≤ until, in batches of columns; order unspecified but the same for the same rows. */
  scan(shopId: ShopId, until: number): AsyncIterable<InteractionColumns>;
  count(shopId: ShopId): Promise<number>;
  /** Removes interactions that occurred before `before` (the shop's retention); answers how many. */
  removeOlderThan(shopId: ShopId, before: number): Promise<number>;
}
