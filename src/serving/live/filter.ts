import { createLru } from '../../numeric/lru';
import type { Catalogue } from './catalogue';

/** What every product of a list must be. */
export interface RecommendFilters {
  /** Prefix of the category path; empty or absent for any. */
  readonly category?: readonly string[];
  /** Inclusive. A product without a price passes no price filter. */
  readonly minPriceMinor?: number;
  /** Inclusive. */
  readonly maxPriceMinor?: number;
  /** ISO 4217 code: only products with a price in this currency. Price bounds without it are in the shop's currency. */
  readonly currency?: string;
  /** True: only products in stock (untracked stock counts as such); false: only those out of stock; absent: both. */
  readonly inStock?: boolean;
}

/** 1 for each catalogue row that may be listed under some filters. Length at least the catalogue's size. */
export type ProductMask = Uint8Array;

const startsWith = (path: readonly string[], prefix: readonly string[]): boolean =>
  prefix.every((step, depth) => path[depth] === step);

/** 1 for each distinct category path that has the prefix: thousands of compares once, instead of one per product. */
function matchingPaths(catalogue: Catalogue, prefix: readonly string[]): Uint8Array {
  return Uint8Array.from(catalogue.categoryPaths, path => Number(startsWith(path, prefix)));
}

const hasPriceFilter = ({ minPriceMinor, maxPriceMinor, currency }: RecommendFilters): boolean =>
  minPriceMinor !== undefined || maxPriceMinor !== undefined || currency !== undefined;

/** 1 for each entry of `catalogue.currencies` whose prices a filter may compare: amounts of two currencies never are. */
function matchingCurrencies(
  { currencies }: Catalogue,
  { currency }: RecommendFilters,
  shopCurrency: string,
): Uint8Array {
  const wanted = currency ?? shopCurrency;
  return Uint8Array.from(currencies, code => Number((code === '' ? shopCurrency : code) === wanted));
}

/**
 * Returns which products pass: active, described ones that meet every filter. Computed before ranking, so that a narrow filter
 * still fills the list. O(products).
 */
function maskOf(catalogue: Catalogue, filters: RecommendFilters, shopCurrency: string): ProductMask {
  const { size, isListable, priceMinor, currency, stock, category } = catalogue;
  const mask = isListable.slice(0, size);
  if (hasPriceFilter(filters)) {
    const low = filters.minPriceMinor ?? Number.NEGATIVE_INFINITY;
    const high = filters.maxPriceMinor ?? Number.POSITIVE_INFINITY;
    const currencies = matchingCurrencies(catalogue, filters, shopCurrency);
    // NaN (no price) compares false on both sides: it passes no price filter.
    for (let row = 0; row < size; row++)
      mask[row] &= currencies[currency[row]] & Number(priceMinor[row] >= low && priceMinor[row] <= high);
  }
  if (filters.inStock !== undefined) {
    for (let row = 0; row < size; row++) mask[row] &= Number((stock[row] !== 0) === filters.inStock);
  }
  if (filters.category !== undefined && filters.category.length > 0) {
    const paths = matchingPaths(catalogue, filters.category);
    for (let row = 0; row < size; row++) mask[row] &= paths[category[row]];
  }
  return mask;
}

/** Why filters refuse a product. `INACTIVE` products, stubs, and those that the catalogue does not have, pass no filter. */
export type FilterReason = 'INACTIVE' | 'PRICE' | 'STOCK' | 'CATEGORY';

/** Returns whether a product passes the price filters. The same conditions as those of {@link maskOf}, for one row. */
function passesPrice(
  { priceMinor, currency, currencies }: Catalogue,
  {
    minPriceMinor = Number.NEGATIVE_INFINITY,
    maxPriceMinor = Number.POSITIVE_INFINITY,
    currency: wanted,
  }: RecommendFilters,
  shopCurrency: string,
  row: number,
): boolean {
  const own = currencies[currency[row]] || shopCurrency;
  return (
    own === (wanted ?? shopCurrency) && priceMinor[row] >= minPriceMinor && priceMinor[row] <= maxPriceMinor
  );
}

/** Returns the first filter that refuses one product, or null: the reason for its 0 in a mask. O(1). */
export function filterReasonOf(
  catalogue: Catalogue,
  filters: RecommendFilters,
  shopCurrency: string,
  row: number,
): FilterReason | null {
  const { isListable, stock, category, categoryPaths } = catalogue;
  if (row < 0 || isListable[row] !== 1) return 'INACTIVE';
  if (hasPriceFilter(filters) && !passesPrice(catalogue, filters, shopCurrency, row)) return 'PRICE';
  const { inStock, category: prefix = [] } = filters;
  if (inStock !== undefined && (stock[row] !== 0) !== inStock) return 'STOCK';
  return startsWith(categoryPaths[category[row]], prefix) ? null : 'CATEGORY';
}

/** Returns masks and caches the latest until the catalogue changes: shops request the same filters repeatedly. */
export interface MaskCache {
  maskFor(filters: RecommendFilters): ProductMask;
}

const keyOf = (filters: RecommendFilters, shopCurrency: string): string => {
  const {
    category = [],
    minPriceMinor = null,
    maxPriceMinor = null,
    inStock = null,
    currency = null,
  } = filters;
  return JSON.stringify([category, minPriceMinor, maxPriceMinor, inStock, currency, shopCurrency]);
};

/**
 * @param shopCurrency - returns the currency of the shop as it is now, an ISO 4217 code
 * @param capacity - masks kept; each takes one byte per product
 */
export function createMaskCache(catalogue: Catalogue, shopCurrency: () => string, capacity = 64): MaskCache {
  const masks = createLru<string, ProductMask>(capacity);
  let generation = catalogue.generation;
  return {
    maskFor(filters) {
      if (generation !== catalogue.generation) {
        masks.clear();
        generation = catalogue.generation;
      }
      const key = keyOf(filters, shopCurrency());
      const known = masks.get(key);
      if (known !== undefined) return known;
      const mask = maskOf(catalogue, filters, shopCurrency());
      masks.set(key, mask);
      return mask;
    },
  };
}
