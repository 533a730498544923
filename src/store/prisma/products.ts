import type { ProductId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { ProductFilter, ProductStore } from '../ports/product';
import { patchStatements, writePatches } from './bulk';
import { announceSql } from './changes';
import { coalesceBy } from './coalesce';
import type { Database, Statement } from './database';
import { guard } from './failures';
import { beforeEverything, boundOf, cutPage } from './paging';

const batchLength = 1_000;

const columns = `"shopId", id, title, description, locale, translations, "categoryPath", tags, "priceMinor", currency,
  stock, "imageUrl", attributes, "isActive", "isStub", "createdAt", "updatedAt"`;

const findStatement: Statement = {
  name: 'productsFind',
  text: `SELECT ${columns} FROM "Product" WHERE "shopId" = $1 AND id = ANY($2)`,
};

/** Text is matched case-insensitively by the rules of the database. */
const pageStatement: Statement = {
  name: 'productsPage',
  text: `SELECT ${columns} FROM "Product" WHERE "shopId" = $1 AND ("createdAt", id) > ($2::timestamptz, $3)
    AND "categoryPath"[1:cardinality($5::text[])] = $5
    AND ($6::text IS NULL OR (coalesce(currency, $7::text) = $6 AND "priceMinor" BETWEEN $8::float8 AND $9::float8))
    AND ($10::boolean IS NULL OR (stock IS NULL OR stock > 0) = $10)
    AND ($11::boolean IS NULL OR "isStub" = $11)
    AND ($12::text IS NULL OR position(lower($12) IN lower(coalesce(title, ''))) > 0 OR position(lower($12) IN lower(id)) > 0)
    ORDER BY "createdAt", id LIMIT $4`,
};

const changedStatement: Statement = {
  name: 'productsChanged',
  text: `SELECT ${columns} FROM "Product" WHERE "shopId" = $1 AND ("updatedAt", id) > ($2::timestamptz, $3)
    ORDER BY "updatedAt", id LIMIT $4`,
};

const announceStatement: Statement = {
  name: 'productsAnnounce',
  text: `SELECT ${announceSql('catalogue', '$1::text')}`,
};

const patches = patchStatements(
  'Product',
  {
    title: 'text',
    description: 'text',
    locale: 'text',
    translations: 'jsonb',
    categoryPath: 'text[]',
    tags: 'text[]',
    priceMinor: 'int',
    currency: 'text',
    stock: 'int',
    imageUrl: 'text',
    attributes: 'jsonb',
    isActive: 'boolean',
  },
  'database',
);
const defaults = { translations: {}, categoryPath: [], tags: [], attributes: {}, isActive: true };

const filterValues = ({ category, price, inStock, isStub, text }: ProductFilter) => [
  category ?? [],
  price?.currency ?? null,
  price?.shopCurrency ?? null,
  price?.min ?? 0,
  price?.max ?? Number.MAX_SAFE_INTEGER,
  inStock ?? null,
  isStub ?? null,
  text ?? null,
];

/** Creates the PostgreSQL store of products. */
export function createPrismaProducts(database: Database): ProductStore {
  const find = coalesceBy<ProductId, Product>(async (shopId, ids) => {
    const rows = await database.query<Product>(findStatement, [shopId, ids]);
    return new Map(rows.map(product => [product.id, product]));
  });

  return {
    async upsertMany(shopId, products, now) {
      if (products.length === 0) return [];
      return await database.transaction(async transaction => {
        const outcomes = await writePatches(transaction, patches, {
          shopId,
          now,
          patches: products,
          defaults,
        });
        await transaction.query(announceStatement, [shopId]);
        return outcomes;
      });
    },
    findMany: find,
    async page(shopId, request, filter = {}) {
      const bound = boundOf(request, beforeEverything);
      const values = [shopId, bound.at, bound.id, bound.limit, ...filterValues(filter)];
      return cutPage(await database.query<Product>(pageStatement, values), bound);
    },
    count: (shopId, isStub) =>
      guard(database.prisma.product.count({ where: isStub === undefined ? { shopId } : { shopId, isStub } })),
    async *changedSince(shopId, since) {
      // Ids are never empty, so (since, '') sorts before every product of that instant.
      for (let at = since, id = ''; ; ) {
        const from = new Date(at).toISOString();
        const rows = await database.query<Product>(changedStatement, [shopId, from, id, batchLength]);
        const last = rows.at(-1);
        if (last !== undefined) yield rows;
        if (last === undefined || rows.length < batchLength) return;
        at = last.updatedAt;
        id = last.id;
      }
    },
  };
}
