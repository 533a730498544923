import type { GraphqlModule } from '../module/graphqlModule';
import { batchAccess } from './batch.access';

export const batchModule: GraphqlModule = {
  access: batchAccess,
};
