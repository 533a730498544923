import type { Csr } from '../../numeric/csr';
import { singularVectors } from '../../numeric/singularVectors';

/** Rᵤᵢ / √(dᵤ·dᵢ), d the sums of rows and columns: neither busy shoppers nor popular products outweigh the others. */
function normalized({ indptr, indices, values, rows, columns }: Csr): Float32Array {
  const ofUser = new Float64Array(rows);
  const ofProduct = new Float64Array(columns);
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

/**
 * In which company each product is liked: the right singular vectors of the normalised matrix of who likes what (the
 * spectral embedding of its bipartite graph; Dhillon 2001). Products nobody likes have zeros.
 *
 * @param likes - users × products, values > 0
 * @param onRound - called between rounds; may throw to stop
 * @returns [products × rank], columns orthonormal, strongest first
 */
export const companyOf = (
  likes: Csr,
  rank: number,
  seed: number,
  onRound: () => Promise<void>,
): Promise<Float32Array> => singularVectors({ ...likes, values: normalized(likes) }, rank, seed, onRound);
