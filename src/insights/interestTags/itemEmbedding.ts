import { type Csr, transposeCsr } from '../../numeric/csr';
import { spectralItemEmbedding } from '../../numeric/spectralItemEmbedding';
import { normalizeRows, type Part } from './features';
import type { View } from './mixture';

/** Options of the embedding of who likes what; numeric/spectralItemEmbedding.ts explains them. */
const options = { rank: 48, fade: 0.15, shrinkage: 5 };
/** Total weight of an item's shoppers, at most; about the number of words of a description. */
const maxTokens = 30;

/** Returns the positive preferences with weights log₂(1 + preference). [users × items] */
function likesOf({ rows, columns, indptr, indices, values }: Csr): Csr {
  const starts = new Uint32Array(rows + 1);
  const kept: number[] = [];
  const weights: number[] = [];
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      if (values[entry] <= 0) continue;
      kept.push(indices[entry]);
      weights.push(Math.log2(1 + values[entry]));
    }
    starts[user + 1] = kept.length;
  }
  return {
    rows,
    columns,
    indptr: starts,
    indices: Uint32Array.from(kept),
    values: Float32Array.from(weights),
  };
}

/** Returns shoppers as tokens of items, the weights of each item adding up to at most 30. [items × users] */
function shoppersOf(likes: Csr): Csr {
  const byItem = transposeCsr(likes);
  const values = byItem.values.slice();
  for (let row = 0; row < byItem.rows; row++) {
    const own = values.subarray(byItem.indptr[row], byItem.indptr[row + 1]);
    const scale = Math.min(1, maxTokens / own.reduce((sum, value) => sum + value, 1e-9));
    for (let at = 0; at < own.length; at++) own[at] *= scale;
  }
  return { ...byItem, values };
}

/**
 * Returns who likes what in two forms: a spectral item embedding to add to the features of words, and shoppers as
 * tokens of items. Null when no item is liked. Shoppers' data are used only during the training.
 *
 * @param preferences - [users × items]
 */
export async function embeddingOf(
  preferences: Csr,
  weight: number,
  seed: number,
  onRound: () => Promise<void>,
): Promise<{ readonly part: Part; readonly view: View } | null> {
  if (weight === 0) return null;
  const likes = likesOf(preferences);
  const rank = Math.min(options.rank, likes.columns - 1, likes.rows - 1);
  if (rank < 2 || likes.indices.length === 0) return null;
  const rows = await spectralItemEmbedding(likes, { ...options, rank, seed }, onRound);
  normalizeRows(rows, rank);
  return {
    part: { rows, columns: rank, weight },
    view: { counts: shoppersOf(likes), weight, ofShoppers: true },
  };
}
