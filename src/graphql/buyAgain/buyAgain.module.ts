import type { GraphqlModule } from '../module/graphqlModule';
import { buyAgainAccess } from './buyAgain.access';
import {
  BuyAgainConnectionResolver,
  BuyAgainItemResolver,
  UserBuyAgainResolver,
  ViewerBuyAgainResolver,
} from './buyAgain.resolver';

export const buyAgainModule: GraphqlModule = {
  access: buyAgainAccess,
  resolvers: [ViewerBuyAgainResolver, UserBuyAgainResolver, BuyAgainConnectionResolver, BuyAgainItemResolver],
};
