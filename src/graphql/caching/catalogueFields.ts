import type { DocumentAccess } from '../access/documentAccess';

/**
 * Fields that clients may cache: they are about the catalogue, and the same list of them has the same content until the
 * catalogue changes. Every other field may be about a person, or makes a new list per request, and is never cached.
 */
export const catalogueFields: Readonly<Record<string, readonly string[]>> = {
  Query: ['product', 'products', 'shop'],
  Product: [
    'id',
    'productId',
    'title',
    'description',
    'categoryPath',
    'tags',
    'attributes',
    'imageUrl',
    'price',
    'stock',
    'inStock',
    'isActive',
    'isStub',
    'locale',
    'translations',
    'createdAt',
    'updatedAt',
  ],
  ProductTranslation: ['locale', 'title', 'description'],
  Money: ['amountMinor', 'currency'],
  ProductConnection: ['nodes', 'edges', 'pageInfo', 'totalCount'],
  ProductEdge: ['node', 'cursor'],
  PageInfo: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'],
  Shop: ['id', 'shopId', 'name', 'defaultLocale', 'currency'],
};

const isCatalogueField = ([type, field]: readonly [string, string]): boolean =>
  Object.hasOwn(catalogueFields, type) && catalogueFields[type].includes(field);

/** Returns whether a document selects nothing but fields of the catalogue. */
export const selectsOnlyCatalogue = ({ coordinates, introspects }: DocumentAccess): boolean =>
  !introspects && coordinates.length > 0 && coordinates.every(isCatalogueField);
