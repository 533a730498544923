import type { TermTable } from './termTable';

/**
 * Inverse document frequency ln(1 + (N - n + ½) / (n + ½)) of Robertson & Spärck Jones 1976, as used in BM25 (the 1 keeps
 * it positive for terms in more than half of the documents). [terms], > 0.
 */
export const inverseDocumentFrequencies = ({ documentFrequency, documents }: TermTable): Float32Array =>
  Float32Array.from(documentFrequency, count => Math.log(1 + (documents - count + 0.5) / (count + 0.5)));

/** Parameters of BM25. */
export interface Bm25Options {
  /** k₁, saturation of term frequency; 0: only presence counts. Typical value: 1.2. */
  readonly saturation: number;
  /** b, length normalization from 0 (none) to 1 (full). Typical value: 0.75. */
  readonly lengthShare: number;
}

/**
 * BM25 weight of a term in a document without idf: f·(k₁ + 1) / (f + k₁·(1 - b + b·length/average)) of Robertson & Zaragoza
 * 2009, eq. 3.15. With fields, `frequency` is the sum over fields of frequency × field weight (BM25F, eq. 3.21).
 *
 * @param relativeLength - length of the document divided by the average length, ≥ 0
 */
export const saturated = (
  frequency: number,
  relativeLength: number,
  { saturation, lengthShare }: Bm25Options,
): number =>
  (frequency * (saturation + 1)) /
  (frequency + saturation * (1 - lengthShare + lengthShare * relativeLength));
