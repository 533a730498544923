import { hashText } from '../../numeric/hashText';
import type { ProductDocument } from '../../snapshot/snapshot';
import { wordsOf } from '../../text/words';

/** Names of a document's features: each category of its path, tags and attributes, words of the titles. */
function namesOf({ categoryPath, features, titles }: ProductDocument): readonly string[] {
  return [
    ...categoryPath.map((_, depth) => `category ${categoryPath.slice(0, depth + 1).join(' > ')}`),
    ...features.map(feature => `feature ${feature}`),
    ...titles.flatMap(wordsOf).map(word => `word ${word}`),
  ];
}

/** Features of products by row: rows of the feature table, distinct within a product. */
export interface ProductFeatures {
  /** Features of product row p are [offsets[p], offsets[p + 1]). */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
}

/**
 * Features of products by hashing (Weinberger et al. 2009). It needs no vocabulary, so a product that is described after
 * training finds the rows of its features. Names that collide share a row.
 *
 * @param documents - by product row; null for a product without a description
 */
export function featuresOf(documents: readonly (ProductDocument | null)[], buckets: number): ProductFeatures {
  const offsets = new Uint32Array(documents.length + 1);
  const rows: number[] = [];
  for (const [row, document] of documents.entries()) {
    const own = new Set(document === null ? [] : namesOf(document).map(name => hashText(name) % buckets));
    rows.push(...[...own].sort((a, b) => a - b));
    offsets[row + 1] = rows.length;
  }
  return { offsets, rows: Uint32Array.from(rows) };
}
