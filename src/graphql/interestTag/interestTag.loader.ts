import DataLoader from 'dataloader';
import type { ProductId, UserId } from '../../domain/ids';
import type { InterestedUser, InterestProduct, WeightedTag } from '../../domain/interest';
import type { ShopperInterests } from '../../serving/interestTags/interests';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { TagGroup, WeightRequest } from '../../store/ports/interest';
import type { Page } from '../../store/ports/page';
import type { LoaderScope } from '../loaderScope';

/** A read of a request, made when first asked for. */
export interface Once<Value> {
  load(): Promise<Value>;
  /** Reads anew at the next load: after a change. */
  clear(): void;
}

/** Reads when first asked, and then knows. */
export function once<Value>(read: () => Promise<Value>): Once<Value> {
  let known: Promise<Value> | null = null;
  return {
    load() {
      known ??= read();
      return known;
    },
    clear() {
      known = null;
    },
  };
}

/** The shop's tags, one read a request. */
export const interestTreeOnce = ({ services, shopId }: LoaderScope): Once<InterestTree> =>
  once(() => services.interests.tree(shopId));

/** What shoppers of the request are into; their events share reads. */
export function interestsByUserIdLoader(
  { services, shopId }: LoaderScope,
  tree: Once<InterestTree>,
  now: number,
): DataLoader<UserId, ShopperInterests> {
  return new DataLoader<UserId, ShopperInterests>(
    async ids => {
      const known = await tree.load();
      return Promise.all(ids.map(id => services.interests.of(shopId, id, known, now)));
    },
    { maxBatchSize: 100 },
  );
}

/** Tags of the request's products. */
export function interestTagsByProductIdLoader(
  { services, shopId }: LoaderScope,
  tree: Once<InterestTree>,
): DataLoader<ProductId, readonly WeightedTag[]> {
  return new DataLoader<ProductId, readonly WeightedTag[]>(
    async ids => {
      const [known, products] = await Promise.all([tree.load(), services.recommender.products(shopId, ids)]);
      const tags = await services.interests.tagsOfProducts(shopId, [...products.values()], known);
      return ids.map(id => tags.get(id) ?? []);
    },
    { maxBatchSize: 1000 },
  );
}

/** Which tag, and what of it. */
export interface TagKey<Asked> {
  readonly tagId: string;
  readonly asked: Asked;
}

/** Loads something of tags; keys that ask the same of different tags share one read. */
export type TagLoader<Asked, Value> = DataLoader<TagKey<Asked>, Value, string>;

function tagLoader<Asked, Value>(
  tree: Once<InterestTree>,
  read: (groups: readonly TagGroup[], asked: Asked) => Promise<ReadonlyMap<string, Value>>,
  absent: Value,
): TagLoader<Asked, Value> {
  return new DataLoader<TagKey<Asked>, Value, string>(
    async keys => {
      const { membersOf } = await tree.load();
      const byAsked = new Map(keys.map(({ asked }) => [JSON.stringify(asked), asked]));
      const reads = [...byAsked].map(async ([name, asked]) => {
        const same = keys.filter(key => JSON.stringify(key.asked) === name);
        const groups = same.map(({ tagId }) => ({ key: tagId, tagIds: membersOf(tagId) }));
        return [name, await read(groups, asked)] as const;
      });
      const found = new Map(await Promise.all(reads));
      return keys.map(({ tagId, asked }) => found.get(JSON.stringify(asked))?.get(tagId) ?? absent);
    },
    { cacheKeyFn: key => JSON.stringify(key), maxBatchSize: 100 },
  );
}

const noRows = { rows: [], hasNext: false };

/** Audiences of tags. */
export const usersByTagLoader = (
  { services, shopId }: LoaderScope,
  tree: Once<InterestTree>,
): TagLoader<WeightRequest, Page<InterestedUser>> =>
  tagLoader(tree, (groups, asked) => services.stores.interests.pagesOfUsers(shopId, groups, asked), noRows);

/** Products of tags. */
export const productsByTagLoader = (
  { services, shopId }: LoaderScope,
  tree: Once<InterestTree>,
): TagLoader<WeightRequest, Page<InterestProduct>> =>
  tagLoader(
    tree,
    (groups, asked) => services.stores.interests.pagesOfProducts(shopId, groups, asked),
    noRows,
  );

/** Sizes of audiences. */
export const audienceSizeByTagLoader = (
  { services, shopId }: LoaderScope,
  tree: Once<InterestTree>,
): TagLoader<number, number> =>
  tagLoader(tree, (groups, asked) => services.stores.interests.countUsers(shopId, groups, asked), 0);
