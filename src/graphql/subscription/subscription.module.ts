import type { GraphqlModule } from '../module/graphqlModule';
import { subscriptionAccess } from './subscription.access';
import {
  SubscriptionFieldResolver,
  SubscriptionResolver,
  UserSubscriptionResolver,
} from './subscription.resolver';

export const subscriptionModule: GraphqlModule = {
  access: subscriptionAccess,
  resolvers: [SubscriptionResolver, UserSubscriptionResolver, SubscriptionFieldResolver],
};
