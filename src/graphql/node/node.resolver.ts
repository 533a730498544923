import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import { toCampaignId, toListId, toProductId, toUserId } from '../../domain/ids';
import type { Role } from '../../domain/role';
import { visibleList, visibleUser } from '../access/ownership';
import { toCampaignView } from '../campaign/campaign.type';
import type { GraphqlContext } from '../context';
import { readTag } from '../interestTag/interestTag.resolver';
import { toRecommendationListView } from '../recommendation/recommendation.type';
import { toShopView } from '../shop/shop.type';
import { toTrainingRunView } from '../training/training.type';
import { toUserView } from '../user/user.type';
import { type NodeKind, parseGlobalId } from './globalId';
import { NodeType } from './node.type';

/** Reads one kind of node: null when there is none, or it is not the caller's to see. */
type NodeReader = (id: string, context: GraphqlContext) => Promise<NodeType | null>;

/** Which nodes only staff may see, whatever the query selects of them. */
const staffOnly: ReadonlySet<NodeKind> = new Set(['Campaign', 'TrainingRun']);
const staff: ReadonlySet<Role> = new Set(['MERCHANDISER', 'ADMIN']);

const ifFound = <Value>(value: Value | null, view: (value: Value) => NodeType): NodeType | null =>
  value === null ? null : view(value);

const readers: Readonly<Record<NodeKind, NodeReader>> = {
  async Shop(id, { principal, shop }) {
    return id === principal.shopId ? toShopView(await shop()) : null;
  },
  async User(id, { principal, loaders }) {
    return ifFound(visibleUser(principal, await loaders.userById.load(toUserId(id))), toUserView);
  },
  Product: (id, { loaders }) => loaders.productById.load(toProductId(id)),
  async RecommendationList(id, { principal, loaders }) {
    const list = await loaders.recommendationListById.load(toListId(id));
    return ifFound(visibleList(principal, list), toRecommendationListView);
  },
  InterestTag: readTag,
  async Campaign(id, { loaders }) {
    return ifFound(await loaders.campaignById.load(toCampaignId(id)), toCampaignView);
  },
  async TrainingRun(id, { services, principal }) {
    return ifFound(await services.stores.trainingRuns.find(principal.shopId, id), toTrainingRunView);
  },
};

async function readNode(globalId: string, context: GraphqlContext): Promise<NodeType | null> {
  const parsed = parseGlobalId(globalId);
  if (parsed === null) return null;
  if (staffOnly.has(parsed.kind) && !staff.has(context.principal.role)) return null;
  return readers[parsed.kind](parsed.id, context);
}

/** Relay's `Node`. */
@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description: 'Anything by its global id; null when there is none (or it is not yours to see).',
  })
  node(
    @Arg('id', () => ID, { description: 'A global id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<NodeType | null> {
    return readNode(id, context);
  }

  @Query(() => [NodeType], {
    nullable: 'items',
    description: 'Many things by their global ids, in the order of the ids; null where `node` would be null.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'Global ids, at most 100.' }) ids: readonly string[],
    @Ctx() context: GraphqlContext,
  ): Promise<readonly (NodeType | null)[]> {
    if (ids.length <= 100) return Promise.all(ids.map(id => readNode(id, context)));
    throw new GatewayError(
      'BAD_USER_INPUT',
      `Expected at most 100 ids; got ${ids.length}. Ask several times.`,
    );
  }
}
