import type { GraphqlModule } from '../module/graphqlModule';
import { consentAccess } from './consent.access';
import { ConsentResolver } from './consent.resolver';

export const consentModule: GraphqlModule = {
  access: consentAccess,
  resolvers: [ConsentResolver],
};
