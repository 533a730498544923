import { byCodeUnits } from '../numeric/byCodeUnits';

/** The vocabulary of a collection with document frequencies. */
export interface TermTable {
  readonly size: number;
  /** Number of documents that contain each term. */
  readonly documentFrequency: Uint32Array;
  /** Total number of documents. */
  readonly documents: number;
  /** Terms in row order. */
  readonly terms: readonly string[];
  /** Returns the row of a term, or -1 when it is not in the table. */
  rowOf(term: string): number;
}

/** Builds a table. @throws {RangeError} when terms and frequencies differ in length */
export function termTableOf(
  terms: readonly string[],
  documentFrequency: Uint32Array,
  documents: number,
): TermTable {
  if (terms.length !== documentFrequency.length)
    throw new RangeError(
      `Expected one frequency per term; got ${terms.length} terms and ${documentFrequency.length} frequencies.`,
    );
  const rows = new Map(terms.map((term, row) => [term, row]));
  return { size: terms.length, documentFrequency, documents, terms, rowOf: term => rows.get(term) ?? -1 };
}

/** Limits of the vocabulary. */
export interface TermTableOptions {
  /** Terms in fewer documents are dropped: a word of a single product does not generalize. */
  readonly minDocuments: number;
  /** Maximum number of terms; the most common ones are kept. */
  readonly maxTerms: number;
}

/** Counts document frequencies. Rows are sorted by term and do not depend on the order of the documents. */
export function countTerms(
  documents: Iterable<Iterable<string>>,
  { minDocuments, maxTerms }: TermTableOptions,
): TermTable {
  const counts = new Map<string, number>();
  let total = 0;
  for (const document of documents) {
    total++;
    for (const term of new Set(document)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const kept = [...counts]
    .filter(([, count]) => count >= minDocuments)
    .sort((a, b) => b[1] - a[1] || byCodeUnits(a[0], b[0]))
    .slice(0, maxTerms)
    .sort((a, b) => byCodeUnits(a[0], b[0]));
  return termTableOf(
    kept.map(([term]) => term),
    Uint32Array.from(kept, ([, count]) => count),
    total,
  );
}
