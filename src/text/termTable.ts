/** The terms that a collection is described in, and how common each is. */
export interface TermTable {
  readonly size: number;
  /** In how many documents each term is. */
  readonly documentFrequency: Uint32Array;
  /** Documents in all. */
  readonly documents: number;
  /** Terms in row order. */
  readonly terms: readonly string[];
  /** Row of a term, or -1 when the table does not have it. */
  rowOf(term: string): number;
}

/** A table from its parts. @throws {RangeError} when they differ in length */
export function termTableOf(
  terms: readonly string[],
  documentFrequency: Uint32Array,
  documents: number,
): TermTable {
  if (terms.length !== documentFrequency.length)
    throw new RangeError(`Expected a frequency a term; got ${terms.length} and ${documentFrequency.length}.`);
  const rows = new Map(terms.map((term, row) => [term, row]));
  return { size: terms.length, documentFrequency, documents, terms, rowOf: term => rows.get(term) ?? -1 };
}

/** Which terms to keep. */
export interface TermTableOptions {
  /** Terms in fewer documents are left out: a word of one product says nothing of another. */
  readonly fewestDocuments: number;
  /** The most common ones, when there are more. */
  readonly mostTerms: number;
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Counts terms over documents; rows are in order of the terms, whatever order the documents came in. */
export function countTerms(
  documents: Iterable<Iterable<string>>,
  { fewestDocuments, mostTerms }: TermTableOptions,
): TermTable {
  const counts = new Map<string, number>();
  let total = 0;
  for (const document of documents) {
    total++;
    for (const term of new Set(document)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const kept = [...counts]
    .filter(([, count]) => count >= fewestDocuments)
    .sort((a, b) => b[1] - a[1] || byCodeUnits(a[0], b[0]))
    .slice(0, mostTerms)
    .sort((a, b) => byCodeUnits(a[0], b[0]));
  return termTableOf(
    kept.map(([term]) => term),
    Uint32Array.from(kept, ([, count]) => count),
    total,
  );
}
