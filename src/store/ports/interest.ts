import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type {
  InterestedUser,
  InterestProduct,
  InterestTagEdit,
  InterestTagRecord,
  LearnedInterestTag,
  WeightedInterest,
  WeightedTag,
} from '../../domain/interest';
import type { Page } from './page';

/** Tags that are read as one: a tag, the tags merged into it, and its children. */
export interface TagGroup {
  readonly key: string;
  readonly tagIds: readonly string[];
}

/**
 * Weights are summed and compared in whole billionths. Sums of fractions depend on the order of the terms, and cursors
 * must not.
 */
export const weightUnits = 1e9;

/** Request for a page of the users or products of a tag group. Weights of one row in several tags of the group add up. */
export interface WeightRequest {
  readonly first: number;
  /** Strictly after this (weight in billionths, id). The order is by descending weight, then by id. */
  readonly after?: { readonly at: number; readonly id: string };
  /** Minimum summed weight. */
  readonly minWeight: number;
}

/** An edit of one tag. */
export interface TagChange {
  readonly tagId: string;
  readonly edit: InterestTagEdit;
}

/** Stores interest tags with the edits of merchandisers, and the tag weights of products and shoppers. */
export interface InterestStore {
  /**
   * Stores the tags that a training found: new tags are created, known tags are updated, and tags that it did not find
   * become inactive. Edits stay as they are.
   */
  saveTags(
    shopId: ShopId,
    tags: readonly LearnedInterestTag[],
    modelVersion: string,
    now: number,
  ): Promise<void>;
  /**
   * Stores tags of an export (`restoredTags`) with the edits of merchandisers. A tag that the shop has keeps what the latest
   * training found and gets the edits of the export.
   */
  restoreTags(shopId: ShopId, tags: readonly InterestTagRecord[]): Promise<void>;
  /** All tags that the shop ever had, by id. */
  tagsOf(shopId: ShopId): Promise<readonly InterestTagRecord[]>;
  /**
   * Calls `decide` with all tags of the shop, as {@link InterestStore.tagsOf} returns them, and stores the edit that it
   * returns. No other edit or training changes the tags in between. Null stores nothing, and an edit of a tag that does not exist is ignored. `decide` may be called again.
   */
  editTag(
    shopId: ShopId,
    decide: (tags: readonly InterestTagRecord[]) => TagChange | null,
    now: number,
  ): Promise<void>;
  /** Replaces the weights of these products. A product with an empty list then has no weights. */
  saveProducts(
    shopId: ShopId,
    products: ReadonlyMap<ProductId, readonly WeightedTag[]>,
    now: number,
  ): Promise<void>;
  /**
   * Replaces the weights of these shoppers, except weights that were saved after `now`, which are more recent. Nothing is
   * stored for a shopper who withdrew PERSONALIZATION, is deactivated or does not exist, even when the call comes late.
   * Every operation that ends the storage of a shopper's data must also delete these weights.
   */
  saveUsers(
    shopId: ShopId,
    users: ReadonlyMap<UserId, readonly WeightedInterest[]>,
    now: number,
  ): Promise<void>;
  /** Deletes the weights of products and shoppers that were last saved before an instant. */
  removeOlder(shopId: ShopId, before: number): Promise<void>;
  /** Weights per product, heaviest first. Products without any are absent. */
  tagsOfProducts(
    shopId: ShopId,
    ids: readonly ProductId[],
  ): Promise<ReadonlyMap<ProductId, readonly WeightedTag[]>>;
  /** Last saved weights per shopper, heaviest first. Shoppers without any are absent. */
  tagsOfUsers(
    shopId: ShopId,
    ids: readonly UserId[],
  ): Promise<ReadonlyMap<UserId, readonly WeightedInterest[]>>;
  /** Shoppers of each group, by (weight descending, id). */
  pagesOfUsers(
    shopId: ShopId,
    groups: readonly TagGroup[],
    request: WeightRequest,
  ): Promise<ReadonlyMap<string, Page<InterestedUser>>>;
  /** Products of each group, by (weight descending, id). */
  pagesOfProducts(
    shopId: ShopId,
    groups: readonly TagGroup[],
    request: WeightRequest,
  ): Promise<ReadonlyMap<string, Page<InterestProduct>>>;
  /** Number of shoppers per group with at least the minimum weight, without those who withdrew ANALYTICS. */
  countUsers(
    shopId: ShopId,
    groups: readonly TagGroup[],
    minWeight: number,
  ): Promise<ReadonlyMap<string, number>>;
}
