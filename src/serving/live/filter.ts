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

/**
 * Returns which products pass: active ones that meet every filter. Computed before ranking, so that a narrow filter
 * still fills the list. O(products).
 */
function maskOf(catalogue: Catalogue, filters: RecommendFilters): ProductMask {
  const { size, isActive, priceMinor, stock, category } = catalogue;
  const mask = isActive.slice(0, size);
  const { minPriceMinor, maxPriceMinor } = filters;
  if (minPriceMinor !== undefined || maxPriceMinor !== undefined) {
    const low = minPriceMinor ?? Number.NEGATIVE_INFINITY;
    const high = maxPriceMinor ?? Number.POSITIVE_INFINITY;
    // NaN (no price) compares false on both sides: it passes no price filter.
    for (let row = 0; row < size; row++)
      mask[row] &= Number(priceMinor[row] >= low && priceMinor[row] <= high);
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

/** Why filters refuse a product. `INACTIVE` products, and those that the catalogue does not have, pass no filter. */
export type FilterReason = 'INACTIVE' | 'PRICE' | 'STOCK' | 'CATEGORY';

/** Returns the first filter that refuses one product, or null: the reason for its 0 in a mask. O(1). */
export function filterReasonOf(
  { isActive, priceMinor, stock, category, categoryPaths }: Catalogue,
  filters: RecommendFilters,
  row: number,
): FilterReason | null {
  if (row < 0 || isActive[row] !== 1) return 'INACTIVE';
  const { minPriceMinor, maxPriceMinor, inStock, category: prefix = [] } = filters;
  if (minPriceMinor !== undefined && !(priceMinor[row] >= minPriceMinor)) return 'PRICE';
  if (maxPriceMinor !== undefined && !(priceMinor[row] <= maxPriceMinor)) return 'PRICE';
  if (inStock !== undefined && (stock[row] !== 0) !== inStock) return 'STOCK';
  return startsWith(categoryPaths[category[row]], prefix) ? null : 'CATEGORY';
}

/** Returns masks and caches the latest until the catalogue changes: shops request the same filters repeatedly. */
export interface MaskCache {
  maskFor(filters: RecommendFilters): ProductMask;
}

const keyOf = ({ category, minPriceMinor, maxPriceMinor, inStock }: RecommendFilters): string =>
  JSON.stringify([category ?? [], minPriceMinor ?? null, maxPriceMinor ?? null, inStock ?? null]);

/** @param capacity - masks kept; each takes one byte per product */
export function createMaskCache(catalogue: Catalogue, capacity = 64): MaskCache {
  const masks = createLru<string, ProductMask>(capacity);
  let generation = catalogue.generation;
  return {
    maskFor(filters) {
      if (generation !== catalogue.generation) {
        masks.clear();
        generation = catalogue.generation;
      }
      const key = keyOf(filters);
      const known = masks.get(key);
      if (known !== undefined) return known;
      const mask = maskOf(catalogue, filters);
      masks.set(key, mask);
      return mask;
    },
  };
}
