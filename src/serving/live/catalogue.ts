import type { ProductId } from '../../domain/ids';
import type { Product } from '../../domain/product';

/** A shop's products as columns: what every request needs of every product, about 35 bytes per product and the id. */
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
  /** 1 for products that may be listed: active ones that the shop described. Stubs are never listed. */
  readonly isListable: Uint8Array;
  /** Index into `currencies`: the currency of the price. */
  readonly currency: Uint32Array;
  /** ISO 4217 codes; the first is empty, for products that name none and have the currency of the shop. */
  readonly currencies: readonly string[];
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
  isListable: Uint8Array;
  category: Uint32Array;
  currency: Uint32Array;
  createdAt: Float64Array;
}

function columnsOf(capacity: number, old?: Columns): Columns {
  const columns = {
    priceMinor: new Float64Array(capacity),
    stock: new Int32Array(capacity),
    isListable: new Uint8Array(capacity),
    category: new Uint32Array(capacity),
    currency: new Uint32Array(capacity),
    createdAt: new Float64Array(capacity),
  };
  if (old !== undefined) {
    columns.priceMinor.set(old.priceMinor);
    columns.stock.set(old.stock);
    columns.isListable.set(old.isListable);
    columns.category.set(old.category);
    columns.currency.set(old.currency);
    columns.createdAt.set(old.createdAt);
  }
  return columns;
}

/** Distinct category paths in the order of their first occurrence. */
interface PathIndex {
  readonly paths: string[][];
  /** Returns the index of a path; a new path gets the next index. */
  indexOf(path: readonly string[]): number;
}

/** Creates an empty index of category paths. */
function createPathIndex(): PathIndex {
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

/** What changes when products are applied. */
interface CatalogueState {
  readonly ids: ProductId[];
  readonly rows: Map<string, number>;
  readonly categories: PathIndex;
  readonly currencies: string[];
  columns: Columns;
  generation: number;
  updatedAt: number;
  /** Rows, newest first; null when they must be sorted anew. */
  newest: Uint32Array | null;
  /** Whether the products applied now have altered a column. */
  hasChanged: boolean;
}

const emptyState = (): CatalogueState => ({
  ids: [],
  rows: new Map(),
  categories: createPathIndex(),
  currencies: [''],
  columns: columnsOf(firstCapacity),
  generation: 0,
  updatedAt: 0,
  newest: null,
  hasChanged: false,
});

/** Returns the row of a product; a new product gets the next row. */
function rowFor(state: CatalogueState, id: ProductId): number {
  const { ids, rows } = state;
  const known = rows.get(id);
  if (known !== undefined) return known;
  const row = ids.length;
  if (row === state.columns.stock.length) state.columns = columnsOf(2 * row, state.columns);
  ids.push(id);
  rows.set(id, row);
  state.hasChanged = true;
  return row;
}

/** Returns the index of a currency; a new one gets the next index. */
function currencyIndex({ currencies }: CatalogueState, code: string): number {
  const known = currencies.indexOf(code);
  return known >= 0 ? known : currencies.push(code) - 1;
}

function write(state: CatalogueState, name: keyof Columns, row: number, value: number): void {
  const column = state.columns[name];
  if (Object.is(column[row], value)) return;
  column[row] = value;
  state.hasChanged = true;
}

function applyOne(state: CatalogueState, product: Product): void {
  const row = rowFor(state, product.id);
  write(state, 'priceMinor', row, product.priceMinor ?? Number.NaN);
  write(state, 'stock', row, product.stock === null ? untracked : Math.max(0, product.stock));
  write(state, 'isListable', row, Number(product.isActive && !product.isStub));
  write(state, 'category', row, state.categories.indexOf(product.categoryPath));
  write(state, 'currency', row, currencyIndex(state, product.currency ?? ''));
  write(state, 'createdAt', row, product.createdAt);
  state.updatedAt = Math.max(state.updatedAt, product.updatedAt);
}

function apply(state: CatalogueState, products: readonly Product[]): void {
  state.hasChanged = false;
  for (const product of products) applyOne(state, product);
  if (!state.hasChanged) return;
  state.generation++;
  state.newest = null;
}

/**
 * Creates an empty catalogue with one writer. Readers may keep columns only within one synchronous step, because they are
 * replaced when they grow.
 */
export function createCatalogue(): Catalogue {
  const state = emptyState();
  const { ids, rows, categories, currencies } = state;
  return {
    get size() {
      return ids.length;
    },
    get generation() {
      return state.generation;
    },
    get updatedAt() {
      return state.updatedAt;
    },
    get priceMinor() {
      return state.columns.priceMinor;
    },
    get stock() {
      return state.columns.stock;
    },
    get isListable() {
      return state.columns.isListable;
    },
    get createdAt() {
      return state.columns.createdAt;
    },
    get category() {
      return state.columns.category;
    },
    get currency() {
      return state.columns.currency;
    },
    currencies,
    categoryPaths: categories.paths,
    idOf: row => ids[row],
    rowOf: id => rows.get(id) ?? -1,
    newestFirst() {
      state.newest ??= sortNewestFirst(ids, state.columns.createdAt);
      return state.newest;
    },
    apply: products => apply(state, products),
  };
}
