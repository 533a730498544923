import type { GraphqlModule } from '../module/graphqlModule';
import { errorsAccess } from './errors.access';

export const errorsModule: GraphqlModule = {
  access: errorsAccess,
};
