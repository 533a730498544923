import type { GraphqlModule } from '../module/graphqlModule';
import { buyAgainAccess } from './buyAgain.access';
import {
  BuyAgainConnectionResolver,
  BuyAgainItemResolver,
  ViewerBuyAgainResolver,
} from './buyAgain.resolver';

export const buyAgainModule: GraphqlModule = {
  access: buyAgainAccess,
  resolvers: [ViewerBuyAgainResolver, BuyAgainConnectionResolver, BuyAgainItemResolver],
};
