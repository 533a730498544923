import type { ProductId } from '../../domain/ids';
import type { Product } from '../../domain/product';

/** A shop's products as columns: what every request needs of every product, about 30 bytes per product and the id. */
export interface Catalogue {
  /** Number of products, active or not. */
  readonly size: number;
  /** Increases with each change of a column: data derived from older columns are stale. */
  readonly generation: number;
  /** Latest `updatedAt` seen; 0 before any. */
  readonly updatedAt: number;
  idOf(row: number): ProductId;
  /** Returns the row of a product, or -1 when it is not in the catalogue. */
  rowOf(id: string): number;
  /** NaN for a product without a price. */
  readonly priceMinor: Float64Array;
  /** Units in stock; -1 where stock is not tracked. */
  readonly stock: Int32Array;
  /** 1 for products that may be listed. */
  readonly isActive: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly createdAt: Float64Array;
  /** Index into `categoryPaths`. */
  readonly category: Uint32Array;
  readonly categoryPaths: readonly (readonly string[])[];
  /** Returns the rows, newest first (createdAt descending, then id). Sorted at the first call after a change. */
  newestFirst(): Uint32Array;
  /** Adds or updates products; rows of known ones stay. */
  apply(products: readonly Product[]): void;
}

const firstCapacity = 1024;
const untracked = -1;

interface Columns {
  priceMinor: Float64Array;
  stock: Int32Array;
  isActive: Uint8Array;
  category: Uint32Array;
  createdAt: Float64Array;
}

function columnsOf(capacity: number, old?: Columns): Columns {
  const columns = {
    priceMinor: new Float64Array(capacity),
    stock: new Int32Array(capacity),
    isActive: new Uint8Array(capacity),
    category: new Uint32Array(capacity),
    createdAt: new Float64Array(capacity),
  };
  if (old !== undefined) {
    columns.priceMinor.set(old.priceMinor);
    columns.stock.set(old.stock);
    columns.isActive.set(old.isActive);
    columns.category.set(old.category);
    columns.createdAt.set(old.createdAt);
  }
  return columns;
}

/** Numbers distinct category paths in the order of their first occurrence. */
function createPathIndex(): { readonly paths: string[][]; indexOf(path: readonly string[]): number } {
  const paths: string[][] = [];
  const known = new Map<string, number>();
  return {
    paths,
    indexOf(path) {
      const key = JSON.stringify(path);
      let index = known.get(key);
      if (index === undefined) {
        index = paths.length;
        known.set(key, index);
        paths.push([...path]);
      }
      return index;
    },
  };
}

/** Returns the rows, newest first, then by id, so that the order is the same in every process. */
function sortNewestFirst(ids: readonly ProductId[], createdAt: Float64Array): Uint32Array {
  return Uint32Array.from(ids.keys()).sort(
    (a, b) => createdAt[b] - createdAt[a] || (ids[a] < ids[b] ? -1 : 1),
  );
}

/** Creates an empty catalogue. One writer; readers may keep columns only within one synchronous step, because they are replaced when they grow. */
export function createCatalogue(): Catalogue {
  const ids: ProductId[] = [];
  const rows = new Map<string, number>();
  const categories = createPathIndex();
  let columns = columnsOf(firstCapacity);
  let generation = 0;
  let updatedAt = 0;
  let newest: Uint32Array | null = null;
  let hasChanged = false;

  function rowFor(id: ProductId): number {
    const known = rows.get(id);
    if (known !== undefined) return known;
    const row = ids.length;
    if (row === columns.stock.length) columns = columnsOf(2 * row, columns);
    ids.push(id);
    rows.set(id, row);
    hasChanged = true;
    return row;
  }

  function write(name: keyof Columns, row: number, value: number): void {
    if (Object.is(columns[name][row], value)) return;
    columns[name][row] = value;
    hasChanged = true;
  }

  function applyOne(product: Product): void {
    const row = rowFor(product.id);
    write('priceMinor', row, product.priceMinor ?? Number.NaN);
    write('stock', row, product.stock === null ? untracked : Math.max(0, product.stock));
    write('isActive', row, Number(product.isActive));
    write('category', row, categories.indexOf(product.categoryPath));
    write('createdAt', row, product.createdAt);
    updatedAt = Math.max(updatedAt, product.updatedAt);
  }

  return {
    get size() {
      return ids.length;
    },
    get generation() {
      return generation;
    },
    get updatedAt() {
      return updatedAt;
    },
    get priceMinor() {
      return columns.priceMinor;
    },
    get stock() {
      return columns.stock;
    },
    get isActive() {
      return columns.isActive;
    },
    get createdAt() {
      return columns.createdAt;
    },
    get category() {
      return columns.category;
    },
    categoryPaths: categories.paths,
    idOf: row => ids[row],
    rowOf: id => rows.get(id) ?? -1,
    newestFirst() {
      newest ??= sortNewestFirst(ids, columns.createdAt);
      return newest;
    },
    apply(products) {
      hasChanged = false;
      for (const product of products) applyOne(product);
      if (!hasChanged) return;
      generation++;
      newest = null;
    },
  };
}
