import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGatewaySchema } from './schema';

/** The schema in GraphQL's own language, sorted, as `schema.graphql` holds it. */
export const schemaText = (): string => `${printSchema(lexicographicSortSchema(buildGatewaySchema()))}\n`;
