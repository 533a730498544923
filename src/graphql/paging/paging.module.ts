import type { GraphqlModule } from '../module/graphqlModule';
import { pagingAccess } from './paging.access';

export const pagingModule: GraphqlModule = {
  access: pagingAccess,
};
