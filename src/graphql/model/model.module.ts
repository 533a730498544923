import type { GraphqlModule } from '../module/graphqlModule';
import { modelAccess } from './model.access';
import { ModelResolver } from './model.resolver';

export const modelModule: GraphqlModule = {
  access: modelAccess,
  resolvers: [ModelResolver],
};
