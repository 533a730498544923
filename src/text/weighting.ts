import type { TermTable } from './termTable';

/**
 * How telling each term is: ln(1 + (N - n + ½) / (n + ½)) of Robertson & Spärck Jones 1976 as BM25 uses it (the 1 keeps
 * it positive for terms of more than half the documents). [terms], > 0.
 */
export const inverseDocumentFrequencies = ({ documentFrequency, documents }: TermTable): Float32Array =>
  Float32Array.from(documentFrequency, count => Math.log(1 + (documents - count + 0.5) / (count + 0.5)));

/** How BM25 counts repeats. */
export interface Bm25Options {
  /** k₁: repeats of a term count less and less; 0 counts it once. Usual: 1.2. */
  readonly saturation: number;
  /** b: how far a long text's repeats are discounted, 0 (not) to 1 (wholly). Usual: 0.75. */
  readonly lengthShare: number;
}

/**
 * Weight of a term in a document before its idf: f·(k₁ + 1) / (f + k₁·(1 - b + b·length/average)) of Robertson & Zaragoza
 * 2009, eq. 3.15. With fields, `frequency` is the sum over fields of frequency × field weight (BM25F, eq. 3.21).
 *
 * @param relativeLength - length of the document over the average, ≥ 0
 */
export const saturated = (
  frequency: number,
  relativeLength: number,
  { saturation, lengthShare }: Bm25Options,
): number =>
  (frequency * (saturation + 1)) /
  (frequency + saturation * (1 - lengthShare + lengthShare * relativeLength));
