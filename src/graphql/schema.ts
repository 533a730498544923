import 'reflect-metadata';
import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { modules } from './modules';
import { createNodeResolver } from './node/node.resolver';
import type { NodeType } from './node/node.type';
import { createNodeReader } from './node/nodeSource';
import type { GraphqlContext } from './request/context';

const rootDescriptions = {
  Query: "Queries. They read data of the credential's shop only.",
  Mutation: 'Mutations. When `userErrors` of the payload is empty, the change is committed.',
} as const;

const NodeResolver = createNodeResolver(createNodeReader(modules.flatMap(({ nodes = [] }) => nodes)));

/** Builds the schema of all modules. `schema.graphql` is this schema, printed; a test checks that they are equal. */
export function buildGatewaySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [NodeResolver, ...modules.flatMap(({ resolvers = [] }) => resolvers)],
    validate: false,
    disableInferringDefaultValues: true,
  });
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    if (type?.name === 'Query' || type?.name === 'Mutation') type.description = rootDescriptions[type.name];
  }
  resolveNodesSynchronously(schema);
  readFreshAroundMutations(schema);
  return schema;
}

/**
 * Clears the loaders before and after the resolver of each mutation: neither it nor its payload, nor the mutations after it
 * in the same document, may see what was read before its write.
 */
function readFreshAroundMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = async (source, args, context: GraphqlContext, info) => {
      context.forgetReads();
      const payload: unknown = await resolve(source, args, context, info);
      context.forgetReads();
      return payload;
    };
  }
}

/** type-graphql returns the type of a node as a promise, which would cost a turn of the microtask queue per node. */
function resolveNodesSynchronously(schema: GraphQLSchema): void {
  const node = schema.getType('Node');
  if (isInterfaceType(node)) node.resolveType = (value: NodeType) => value.__typename;
}
