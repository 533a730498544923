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

/** Tags that are read as one (a tag, those merged into it, and those it is the wider one of), under one name. */
export interface TagGroup {
  readonly key: string;
  readonly tagIds: readonly string[];
}

/**
 * Sums of weights are kept and compared in whole billionths: sums of fractions differ by the order they are taken in,
 * and a cursor must not.
 */
export const weightUnits = 1e9;

/** A page of what belongs to a group of tags. Weights of one row to several tags of the group add up. */
export interface WeightRequest {
  readonly first: number;
  /** Strictly after this (weight in billionths, id), heaviest first, of equals by id. */
  readonly after?: { readonly at: number; readonly id: string };
  /** Least summed weight. */
  readonly minWeight: number;
}

/** What shoppers are into, what products belong to, and what merchandisers made of it. */
export interface InterestStore {
  /**
   * Keeps what a training found: new tags are made, known ones take what was learned anew, and those it did not find
   * become inactive. Edits stay as they are.
   */
  saveTags(
    shopId: ShopId,
    tags: readonly LearnedInterestTag[],
    modelVersion: string,
    now: number,
  ): Promise<void>;
  /** Every tag the shop ever had, by id. */
  tagsOf(shopId: ShopId): Promise<readonly InterestTagRecord[]>;
  /** Changes a tag as a merchandiser wants it; answers false when there is none of this id. */
  editTag(shopId: ShopId, id: string, edit: InterestTagEdit, now: number): Promise<boolean>;
  /** Replaces the weights of these products (none: they then have none). */
  saveProducts(
    shopId: ShopId,
    products: ReadonlyMap<ProductId, readonly WeightedTag[]>,
    now: number,
  ): Promise<void>;
  /**
   * Replaces the weights of these shoppers, but those saved after `now`: they know more. Nothing is kept of one who withdrew PERSONALIZATION, may no longer sign in,
   * or does not exist, however late the call comes. Whatever ends remembering a shopper removes their weights, too.
   */
  saveUsers(
    shopId: ShopId,
    users: ReadonlyMap<UserId, readonly WeightedInterest[]>,
    now: number,
  ): Promise<void>;
  /** Removes weights of products and shoppers that were last saved before an instant. */
  removeOlder(shopId: ShopId, before: number): Promise<void>;
  /** Weights of products; those without any are absent. Heaviest first. */
  tagsOfProducts(
    shopId: ShopId,
    ids: readonly ProductId[],
  ): Promise<ReadonlyMap<ProductId, readonly WeightedTag[]>>;
  /** Weights of shoppers as last saved; those without any are absent. Heaviest first. */
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
  /** How many shoppers of each group reach the least weight. */
  countUsers(
    shopId: ShopId,
    groups: readonly TagGroup[],
    minWeight: number,
  ): Promise<ReadonlyMap<string, number>>;
}
