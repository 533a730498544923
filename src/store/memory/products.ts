import type { ProductId, ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { ProductFilter, ProductStore, ProductUpsert } from '../ports/product';
import { ByShop, pick } from './byShop';
import type { MemoryChanges } from './changes';
import { comparePositions, pageOf } from './order';

const batchLength = 1_000;

/** The in-memory catalogue, to which the interactions add stubs. */
export interface MemoryProducts {
  readonly store: ProductStore;
  /** Returns whether the product was new. */
  addStub(shopId: ShopId, id: ProductId, now: number): boolean;
}

const newProduct = (shopId: ShopId, id: ProductId, now: number, isStub: boolean): Product => ({
  shopId,
  id,
  title: null,
  description: null,
  locale: null,
  translations: {},
  categoryPath: [],
  tags: [],
  priceMinor: null,
  currency: null,
  stock: null,
  imageUrl: null,
  attributes: {},
  isActive: true,
  isStub,
  createdAt: now,
  updatedAt: now,
});

const given = (upsert: ProductUpsert) =>
  Object.fromEntries(Object.entries(upsert).filter(([, value]) => value !== undefined));

const startsWith = (path: readonly string[], prefix: readonly string[]) =>
  prefix.every((part, depth) => path[depth] === part);

const isInStock = ({ stock }: Product) => stock === null || stock > 0;

function isPriced(
  { priceMinor, currency }: Product,
  { min = 0, max = Number.POSITIVE_INFINITY, ...wanted }: NonNullable<ProductFilter['price']>,
): boolean {
  const isCurrency = (currency ?? wanted.shopCurrency) === wanted.currency;
  return isCurrency && priceMinor !== null && priceMinor >= min && priceMinor <= max;
}

function passes(product: Product, filter: ProductFilter): boolean {
  const { category = [], price, inStock, isStub, text } = filter;
  if (price !== undefined && !isPriced(product, price)) return false;
  if (isStub !== undefined && product.isStub !== isStub) return false;
  if (inStock !== undefined && isInStock(product) !== inStock) return false;
  const words = [product.id, product.title ?? ''].map(word => word.toLowerCase());
  if (text !== undefined && !words.some(word => word.includes(text.toLowerCase()))) return false;
  return startsWith(product.categoryPath, category);
}

/** Creates the in-memory catalogue. */
export function createMemoryProducts(changes: MemoryChanges): MemoryProducts {
  const products = new ByShop<Product>();
  /** The latest instant given per shop: no change is earlier than one before it, whatever the callers' clocks. */
  const latest = new Map<ShopId, number>();
  const updatedAt = (shopId: ShopId, now: number): number => {
    const at = Math.max(latest.get(shopId) ?? 0, now);
    latest.set(shopId, at);
    return at;
  };
  const store: ProductStore = {
    async upsertMany(shopId, upserts, now) {
      const outcomes = upserts.map(upsert => {
        const known = products.of(shopId).get(upsert.id);
        const base = known ?? newProduct(shopId, upsert.id, now, false);
        products
          .of(shopId)
          .set(upsert.id, { ...base, ...given(upsert), isStub: false, updatedAt: updatedAt(shopId, now) });
        return known === undefined ? ('created' as const) : ('updated' as const);
      });
      if (upserts.length > 0) changes.announce({ kind: 'catalogue', shopId });
      return outcomes;
    },
    async findMany(shopId, ids) {
      return pick(products.of(shopId), ids);
    },
    async page(shopId, request, filter = {}) {
      const rows = [...products.of(shopId).values()].filter(product => passes(product, filter));
      return pageOf(rows, request, product => ({ at: product.createdAt, id: product.id }), 1);
    },
    async count(shopId, isStub) {
      const all = [...products.of(shopId).values()];
      return all.filter(product => isStub === undefined || product.isStub === isStub).length;
    },
    async *changedSince(shopId, since) {
      const rows = [...products.of(shopId).values()].filter(product => product.updatedAt >= since);
      rows.sort((left, right) =>
        comparePositions({ at: left.updatedAt, id: left.id }, { at: right.updatedAt, id: right.id }),
      );
      for (let start = 0; start < rows.length; start += batchLength) {
        yield rows.slice(start, start + batchLength);
      }
    },
  };
  return {
    store,
    addStub(shopId, id, now) {
      if (products.of(shopId).has(id)) return false;
      products
        .of(shopId)
        .set(id, { ...newProduct(shopId, id, now, true), updatedAt: updatedAt(shopId, now) });
      return true;
    },
  };
}
