import { Arg, type ClassType, Ctx, ID, Query, Resolver } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { GraphqlContext } from '../request/context';
import { NodeType } from './node.type';
import type { NodeReader } from './nodeSource';

const maxIds = 100;

/** Creates the resolver of Relay's `node` and `nodes`. */
export function createNodeResolver(read: NodeReader): ClassType<object> {
  @Resolver()
  class NodeResolver {
    @Query(() => NodeType, {
      nullable: true,
      description:
        'Returns any object by its global id. Null when there is none, or the caller may not see it.',
    })
    node(
      @Arg('id', () => ID, { description: 'A global id.' }) id: string,
      @Ctx() context: GraphqlContext,
    ): Promise<NodeType | null> {
      return read(id, context);
    }

    @Query(() => [NodeType], {
      nullable: 'items',
      description:
        'Returns many objects by their global ids, in the order of the ids. Null where `node` would return null.',
    })
    nodes(
      @Arg('ids', () => [ID], { description: 'Global ids, at most 100.' }) ids: readonly string[],
      @Ctx() context: GraphqlContext,
    ): Promise<readonly (NodeType | null)[]> {
      if (ids.length <= maxIds) return Promise.all(ids.map(id => read(id, context)));
      throw new GatewayError(
        'BAD_USER_INPUT',
        `Expected at most ${maxIds} ids; got ${ids.length}. Split them into several requests.`,
      );
    }
  }
  return NodeResolver;
}
