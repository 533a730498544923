import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGatewaySchema } from './schema';

/** Returns the schema as sorted SDL, as in `schema.graphql`. */
export const schemaText = (): string => `${printSchema(lexicographicSortSchema(buildGatewaySchema()))}\n`;
