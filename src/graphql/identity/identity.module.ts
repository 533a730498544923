import type { GraphqlModule } from '../module/graphqlModule';
import { identityAccess } from './identity.access';
import { IdentityResolver } from './identity.resolver';

export const identityModule: GraphqlModule = {
  access: identityAccess,
  resolvers: [IdentityResolver],
};
