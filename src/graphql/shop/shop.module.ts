import type { GraphqlModule } from '../module/graphqlModule';
import { shopAccess } from './shop.access';
import { shopNode } from './shop.node';
import { ShopResolver } from './shop.resolver';
import { ShopPolicyResolver } from './shopPolicy.resolver';

export const shopModule: GraphqlModule = {
  access: shopAccess,
  resolvers: [ShopResolver, ShopPolicyResolver],
  nodes: [shopNode],
};
