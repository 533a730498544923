import { type AccessTable, readers, writers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const productAccess: AccessTable = {
  Query: { product: readers, products: readers },
  Mutation: { productsUpsert: writers },
  Product: readers,
  ProductTranslation: readers,
  Money: readers,
  ProductConnection: readers,
  ProductEdge: readers,
};
