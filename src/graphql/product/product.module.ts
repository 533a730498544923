import type { GraphqlModule } from '../module/graphqlModule';
import { productAccess } from './product.access';
import { productNode } from './product.node';
import { ProductConnectionResolver, ProductResolver } from './product.resolver';
import { ProductUpsertResolver } from './productUpsert.resolver';

export const productModule: GraphqlModule = {
  access: productAccess,
  resolvers: [ProductResolver, ProductConnectionResolver, ProductUpsertResolver],
  nodes: [productNode],
};
