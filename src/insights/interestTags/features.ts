import { type Csr, rowsOf } from '../../numeric/csr';
import { singularVectors } from '../../numeric/singularVectors';
import type { TermTable } from '../../text/termTable';
import { inverseDocumentFrequencies, saturated } from '../../text/weighting';
import type { InterestTagsConfig } from './settings';

const bm25 = { saturation: 1.2, lengthShare: 0 };

/** Scales each row to length 1; leaves zeros alone. */
export function normalizeRows(rows: Float32Array, columns: number): void {
  for (let at = 0; at < rows.length; at += columns) {
    let square = 0;
    for (let k = 0; k < columns; k++) square += rows[at + k] ** 2;
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let k = 0; k < columns; k++) rows[at + k] *= scale;
  }
}

/**
 * Returns TF-IDF weights (BM25 saturation) of the terms of texts, each text of length 1.
 *
 * @param termWeights - factor of each term; default 1. [terms]
 */
export function weighTerms(counts: Csr, table: TermTable, termWeights?: Float32Array): Csr {
  const idf = inverseDocumentFrequencies(table).map((value, term) => value * (termWeights?.[term] ?? 1));
  const values = counts.values.map((count, entry) => idf[counts.indices[entry]] * saturated(count, 1, bm25));
  for (let row = 0; row < counts.rows; row++) {
    const own = values.subarray(counts.indptr[row], counts.indptr[row + 1]);
    normalizeRows(own, Math.max(1, own.length));
  }
  return { ...counts, values };
}

/** Most texts whose singular directions are computed. */
const maxDecomposed = 10_000;

/** Returns every n-th row, at most `maxDecomposed` of them. */
function sampleRows(matrix: Csr): Csr {
  const step = Math.ceil(matrix.rows / maxDecomposed);
  return step <= 1
    ? matrix
    : rowsOf(
        matrix,
        Uint32Array.from({ length: Math.ceil(matrix.rows / step) }, (_, at) => at * step),
      );
}

/**
 * Projects texts on the strongest singular directions of their terms (latent semantic analysis, Deerwester et al. 1990).
 * The directions are those of at most 10,000 texts. Rows have length 1; zeros for a text without terms. The first direction, which is common to all texts, is left out.
 *
 * @param onRound - may throw to stop
 * @returns [rows × columns]
 */
export async function semanticRows(
  weighed: Csr,
  { rank, whitening }: Pick<InterestTagsConfig, 'rank' | 'whitening'>,
  seed: number,
  onRound: () => Promise<void>,
): Promise<{ readonly rows: Float32Array; readonly columns: number }> {
  const sample = sampleRows(weighed);
  const most = Math.max(1, Math.min(rank, sample.columns - 1, sample.rows - 1));
  const width = most + 1;
  const directions = await singularVectors(sample, width, seed, onRound);
  const rows = new Float32Array(weighed.rows * most);
  for (let row = 0; row < weighed.rows; row++) {
    for (let entry = weighed.indptr[row]; entry < weighed.indptr[row + 1]; entry++) {
      const from = weighed.indices[entry] * width + 1;
      const value = weighed.values[entry];
      for (let k = 0; k < most; k++) rows[row * most + k] += value * directions[from + k];
    }
  }
  const strengths = new Float64Array(most);
  for (let at = 0; at < rows.length; at++) strengths[at % most] += rows[at] ** 2;
  const scale = strengths.map(square => (square > 1e-12 ? Math.sqrt(square) ** -whitening : 0));
  for (let at = 0; at < rows.length; at++) rows[at] *= scale[at % most];
  normalizeRows(rows, most);
  return { rows, columns: most };
}

/** Features of items and their weight. */
export interface Part {
  /** [items × columns], rows of length 1 or zeros. */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly weight: number;
}

/** Concatenates parts, scaling each row to length 1: an item without one part is described by the others. */
export function joinParts(
  parts: readonly Part[],
  items: number,
): { readonly rows: Float32Array; readonly columns: number } {
  const used = parts.filter(({ weight, columns }) => weight > 0 && columns > 0);
  const columns = used.reduce((sum, part) => sum + part.columns, 0);
  const rows = new Float32Array(items * columns);
  for (let row = 0; row < items; row++) {
    let at = row * columns;
    for (const part of used) {
      const scale = Math.sqrt(part.weight);
      for (let k = 0; k < part.columns; k++) rows[at++] = scale * part.rows[row * part.columns + k];
    }
  }
  normalizeRows(rows, Math.max(1, columns));
  return { rows, columns };
}
