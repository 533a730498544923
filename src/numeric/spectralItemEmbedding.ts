import type { Csr } from './csr';
import { singularVectors } from './singularVectors';

/** Pseudo-count added to the likes of every shopper, so that shoppers with a single like do not dominate a direction. */
const shopperPrior = 3;

/**
 * Rᵤᵢ / √((dᵤ + 3)·(dᵢ + shrinkage)), with d the sums of rows and columns. Neither active shoppers nor popular products
 * outweigh the others.
 */
function normalized({ indptr, indices, values, rows, columns }: Csr, shrinkage: number): Float32Array {
  const ofUser = new Float64Array(rows).fill(shopperPrior);
  const ofProduct = new Float64Array(columns).fill(shrinkage);
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      ofUser[user] += values[entry];
      ofProduct[indices[entry]] += values[entry];
    }
  }
  const out = new Float32Array(values.length);
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      out[entry] = values[entry] / Math.sqrt(ofUser[user] * ofProduct[indices[entry]]);
    }
  }
  return out;
}

/** Singular values: the norm of A·v for each direction v. [rank] */
function strengthsOf(
  { indptr, indices, values, rows }: Csr,
  vectors: Float32Array,
  rank: number,
): Float64Array {
  const squares = new Float64Array(rank);
  const image = new Float64Array(rank);
  for (let user = 0; user < rows; user++) {
    image.fill(0);
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      const from = indices[entry] * rank;
      for (let k = 0; k < rank; k++) image[k] += values[entry] * vectors[from + k];
    }
    for (let k = 0; k < rank; k++) squares[k] += image[k] * image[k];
  }
  return squares.map(Math.sqrt);
}

/**
 * Weight of each direction: (σₖ / σ₁)^p, with p such that the weakest direction has weight `fade`. All weights are 1 when
 * all directions are equally strong; directions with a singular value of 0 have weight 0.
 *
 * @param strengths - σ, ≥ 0
 * @param fade - in (0, 1]
 */
export function directionWeights(strengths: Float64Array, fade: number): Float64Array {
  const strongest = strengths.reduce((max, value) => Math.max(max, value), 0);
  const floor = 1e-6 * strongest;
  const weakest = strengths.reduce((min, value) => (value > floor ? Math.min(min, value) : min), strongest);
  const span = Math.log(weakest / strongest);
  const power = span < -1e-3 ? Math.log(fade) / span : 0;
  return strengths.map(value => (value > floor ? (value / strongest) ** power : 0));
}

/** Settings of a spectral item embedding. */
export interface SpectralEmbeddingOptions {
  readonly rank: number;
  /** Weight of the weakest direction; the strongest has weight 1. */
  readonly fade: number;
  /** Pseudo-count added to the likes of every product. */
  readonly shrinkage: number;
  readonly seed: number;
}

/**
 * Embeds products by who likes them: the right singular vectors of the normalized user × product matrix (the spectral
 * embedding of its bipartite graph; Dhillon 2001), each scaled by the square root of its weight. The inner product of two
 * embeddings is then a low-pass graph filter: it keeps patterns shared by many shoppers and attenuates noise (Shen et al.
 * 2021). Products without likes have zeros.
 *
 * @param likes - users × products, values > 0
 * @param onRound - called between rounds; may throw to stop
 * @returns [products × rank], strongest direction first
 */
export async function spectralItemEmbedding(
  likes: Csr,
  { rank, fade, shrinkage, seed }: SpectralEmbeddingOptions,
  onRound: () => Promise<void>,
): Promise<Float32Array> {
  const matrix = { ...likes, values: normalized(likes, shrinkage) };
  const vectors = await singularVectors(matrix, rank, seed, onRound);
  const scale = directionWeights(strengthsOf(matrix, vectors, rank), fade).map(Math.sqrt);
  for (let at = 0; at < vectors.length; at += rank) {
    for (let k = 0; k < rank; k++) vectors[at + k] *= scale[k];
  }
  return vectors;
}
