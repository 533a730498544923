import type { Snapshot } from '../snapshot/snapshot';

/** Categories of products as a tree. */
export interface CategoryTree {
  /** Category of each product: its deepest; -1 for a product without one. */
  readonly leafOf: Int32Array;
  /** Parent of each category, which has a lower number; -1 for one below the shop. */
  readonly parentOf: readonly number[];
}

/** Returns the tree of the category paths of a snapshot's products. */
export function categoryTreeOf({
  documents,
  products,
}: Pick<Snapshot, 'documents' | 'products'>): CategoryTree {
  const leafOf = new Int32Array(products.size).fill(-1);
  const parentOf: number[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < products.size; row++) {
    let path = '';
    for (const name of documents?.[row]?.categoryPath ?? []) {
      path = JSON.stringify([path, name]);
      const category = known.get(path) ?? parentOf.length;
      if (category === parentOf.length) {
        parentOf.push(leafOf[row]);
        known.set(path, category);
      }
      leafOf[row] = category;
    }
  }
  return { leafOf, parentOf };
}

/** Sums per product to be turned into means. */
export interface Sums {
  /** [products]. */
  readonly sums: Float64Array;
  /** Number of observations behind each sum, [products]. */
  readonly counts: Float64Array;
}

/** Means at each level, each shrunk to that of the level above it. */
export interface ShrunkMeans {
  /** [products]. */
  readonly products: Float64Array;
  /** [categories]. */
  readonly categories: Float64Array;
  readonly shop: number;
}

/**
 * Returns means shrunk from product to category to shop: (sum + k·mean above) / (count + k).
 *
 * @param strengths - k: observations at which the own mean counts as much as that of the level above
 * @param prior - sum and count added to those of the shop
 */
export function shrunkMeans(
  { leafOf, parentOf }: CategoryTree,
  { sums, counts }: Sums,
  strengths: { readonly category: number; readonly product: number },
  prior: { readonly sum: number; readonly count: number },
): ShrunkMeans {
  const total = { sum: prior.sum, count: prior.count };
  const own = parentOf.map(() => ({ sum: 0, count: 0 }));
  for (let row = 0; row < sums.length; row++) {
    total.sum += sums[row];
    total.count += counts[row];
    for (let category = leafOf[row]; category >= 0; category = parentOf[category]) {
      own[category].sum += sums[row];
      own[category].count += counts[row];
    }
  }
  const shop = total.sum / total.count;
  const categories = new Float64Array(parentOf.length);
  for (const [category, { sum, count }] of own.entries()) {
    const above = parentOf[category] < 0 ? shop : categories[parentOf[category]];
    categories[category] = (sum + strengths.category * above) / (count + strengths.category);
  }
  const products = sums.map((sum, row) => {
    const above = leafOf[row] < 0 ? shop : categories[leafOf[row]];
    return (sum + strengths.product * above) / (counts[row] + strengths.product);
  });
  return { products, categories, shop };
}
