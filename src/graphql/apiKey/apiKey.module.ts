import type { GraphqlModule } from '../module/graphqlModule';
import { apiKeyAccess } from './apiKey.access';
import { ApiKeyResolver } from './apiKey.resolver';

export const apiKeyModule: GraphqlModule = {
  access: apiKeyAccess,
  resolvers: [ApiKeyResolver],
};
