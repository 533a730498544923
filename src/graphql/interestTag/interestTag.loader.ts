import DataLoader from 'dataloader';
import type { ProductId, UserId } from '../../domain/ids';
import type { InterestedUser, InterestProduct, WeightedTag } from '../../domain/interest';
import type { ShopperInterests } from '../../serving/interestTags/interests';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { TagGroup, WeightRequest } from '../../store/ports/interest';
import type { Page } from '../../store/ports/page';
import type { GraphqlContext } from '../request/context';
import { type Once, once } from '../request/once';

/** All interest tags of the shop, read once per request. */
export const interestTreeLoader = ({ services, principal }: GraphqlContext): Once<InterestTree> =>
  once(() => services.interests.tree(principal.shopId));

/** Interests by user id. Users of one batch share the reads of their events. */
export function interestsByUserIdLoader({
  services,
  principal,
  loader,
  now,
}: GraphqlContext): DataLoader<UserId, ShopperInterests> {
  return new DataLoader<UserId, ShopperInterests>(
    async ids => {
      const tree = await loader(interestTreeLoader).load();
      return Promise.all(ids.map(id => services.interests.of(principal.shopId, id, tree, now)));
    },
    { maxBatchSize: 100 },
  );
}

/** Tags by product id: one read per tick of the event loop. */
export function interestTagsByProductIdLoader({
  services,
  principal: { shopId },
  loader,
}: GraphqlContext): DataLoader<ProductId, readonly WeightedTag[]> {
  return new DataLoader<ProductId, readonly WeightedTag[]>(
    async ids => {
      const [tree, products] = await Promise.all([
        loader(interestTreeLoader).load(),
        services.recommender.products(shopId, ids),
      ]);
      const tags = await services.interests.tagsOfProducts(shopId, [...products.values()], tree);
      return ids.map(id => tags.get(id) ?? []);
    },
    { maxBatchSize: 1000 },
  );
}

/** A tag, and the request for what belongs to it. */
export interface TagKey<Request> {
  readonly tagId: string;
  readonly request: Request;
}

/** Loads what belongs to tags. Keys with equal requests for different tags share one read. */
export type TagLoader<Request, Value> = DataLoader<TagKey<Request>, Value, string>;

function createTagLoader<Request, Value>(
  { loader }: GraphqlContext,
  read: (groups: readonly TagGroup[], request: Request) => Promise<ReadonlyMap<string, Value>>,
  absent: Value,
): TagLoader<Request, Value> {
  return new DataLoader<TagKey<Request>, Value, string>(
    async keys => {
      const { membersOf } = await loader(interestTreeLoader).load();
      const requests = new Map(keys.map(({ request }) => [JSON.stringify(request), request]));
      const reads = [...requests].map(async ([text, request]) => {
        const same = keys.filter(key => JSON.stringify(key.request) === text);
        const groups = same.map(({ tagId }) => ({ key: tagId, tagIds: membersOf(tagId) }));
        return [text, await read(groups, request)] as const;
      });
      const found = new Map(await Promise.all(reads));
      return keys.map(({ tagId, request }) => found.get(JSON.stringify(request))?.get(tagId) ?? absent);
    },
    { cacheKeyFn: key => JSON.stringify(key), maxBatchSize: 100 },
  );
}

const noRows = { rows: [], hasNext: false };

/** Pages of the users who are interested in a tag. */
export function usersByTagLoader(context: GraphqlContext): TagLoader<WeightRequest, Page<InterestedUser>> {
  const { interests } = context.services.stores;
  const { shopId } = context.principal;
  return createTagLoader(
    context,
    (groups, request) => interests.pagesOfUsers(shopId, groups, request),
    noRows,
  );
}

/** Pages of the products of a tag. */
export function productsByTagLoader(
  context: GraphqlContext,
): TagLoader<WeightRequest, Page<InterestProduct>> {
  const { interests } = context.services.stores;
  const { shopId } = context.principal;
  return createTagLoader(
    context,
    (groups, request) => interests.pagesOfProducts(shopId, groups, request),
    noRows,
  );
}

/** Number of users whose weight for a tag is at least the requested one. */
export function audienceSizeByTagLoader(context: GraphqlContext): TagLoader<number, number> {
  const { interests } = context.services.stores;
  const { shopId } = context.principal;
  return createTagLoader(context, (groups, minWeight) => interests.countUsers(shopId, groups, minWeight), 0);
}
