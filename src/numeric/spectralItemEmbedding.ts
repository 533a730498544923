import type { Csr } from './csr';
import { singularVectors } from './singularVectors';

/**
 * Likes that a shopper is reckoned to have beside their own: of two shoppers the one with a single like would otherwise
 * make a direction of company by themselves.
 */
const shopperPrior = 3;

/** Rᵤᵢ / √((dᵤ + 3)·(dᵢ + trust)), d the sums of rows and columns: neither busy shoppers nor popular products outweigh the others. */
function normalized({ indptr, indices, values, rows, columns }: Csr, trust: number): Float32Array {
  const ofUser = new Float64Array(rows).fill(shopperPrior);
  const ofProduct = new Float64Array(columns).fill(trust);
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

/** Singular values: the lengths of A·v for each direction v. [rank] */
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
 * How much each direction counts: (σₖ / σ₁)^p, p such that the weakest counts `fade`. Directions as strong as the
 * strongest all count 1; directions that are not there 0.
 *
 * @param strengths - σ, ≥ 0
 * @param fade - over 0 to 1
 */
export function sharesOf(strengths: Float64Array, fade: number): Float64Array {
  const strongest = strengths.reduce((most, value) => Math.max(most, value), 0);
  const floor = 1e-6 * strongest;
  const weakest = strengths.reduce(
    (least, value) => (value > floor ? Math.min(least, value) : least),
    strongest,
  );
  const span = Math.log(weakest / strongest);
  const power = span < -1e-3 ? Math.log(fade) / span : 0;
  return strengths.map(value => (value > floor ? (value / strongest) ** power : 0));
}

/** How likes are read as company. */
export interface SpectralEmbeddingOptions {
  readonly rank: number;
  /** What the weakest direction counts beside 1 for the strongest. */
  readonly fade: number;
  /** Likes that every product is reckoned to have beside its own. */
  readonly trust: number;
  readonly seed: number;
}

/**
 * In which company each product is liked: the right singular vectors of the normalised matrix of who likes what (the
 * spectral embedding of its bipartite graph; Dhillon 2001), each scaled by the root of what it counts, so that the inner
 * product of two products' company passes what is common to many and damps what is noise (a graph filter; Shen et al.
 * 2021). Products nobody likes have zeros.
 *
 * @param likes - users × products, values > 0
 * @param onRound - called between rounds; may throw to stop
 * @returns [products × rank], strongest first
 */
export async function spectralItemEmbedding(
  likes: Csr,
  { rank, fade, trust, seed }: SpectralEmbeddingOptions,
  onRound: () => Promise<void>,
): Promise<Float32Array> {
  const matrix = { ...likes, values: normalized(likes, trust) };
  const vectors = await singularVectors(matrix, rank, seed, onRound);
  const scale = sharesOf(strengthsOf(matrix, vectors, rank), fade).map(Math.sqrt);
  for (let at = 0; at < vectors.length; at += rank) {
    for (let k = 0; k < rank; k++) vectors[at + k] *= scale[k];
  }
  return vectors;
}
