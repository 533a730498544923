// EASE^R: Steck 2019, "Embarrassingly shallow autoencoders for sparse data". Of all matrices B with an empty diagonal,
// the one that best foretells what users like from what else they like:
//
//   min Σ_u c_u·|x_u − x_u·B|² + Σ_i λ_i·|B_i|²,   B_ii = 0        (eq. 1–2; there c = 1 and λ_i = λ)
//   P = (XᵀCX + Λ)⁻¹,   B_ij = −P_ij / P_jj, i ≠ j                 (eq. 8)
//
// with x > 0 for what is liked and < 0 for what is disliked, c_u = W_u^-δ, and λ_i = λ·(XᵀCX)_ii^ν. One inverse, no
// epochs, no seed. Deterministic, whatever the number of threads.

import { type Csr, transposeCsr } from '../../numeric/csr';
import { createArena } from '../../numeric/wasm/arena';
import { type Crew, gatherCrew } from '../chunkedWork';
import { checkCancelled } from '../guards';
import type { TrainContext } from '../model';
import { linksFrom, type ProductLinks, popularityOf } from '../productLinks';
import { invertNegated, paddedSize } from './invert';
import type { EaseConfig } from './settings';
import { prunedAtOnce, scratchLengthOf } from './tasks';

/** Products whose rows of the Gram matrix a thread makes at once. */
const gramRowsAtOnce = 64;

/** √c_u·x_u for every user. */
function damped(strengths: Csr, damping: number): Csr {
  const values = strengths.values.slice();
  for (let user = 0; user < strengths.rows; user++) {
    const [start, end] = [strengths.indptr[user], strengths.indptr[user + 1]];
    let mass = 0;
    for (let entry = start; entry < end; entry++) mass += Math.abs(values[entry]);
    const factor = mass === 0 ? 0 : mass ** (-damping / 2);
    for (let entry = start; entry < end; entry++) values[entry] *= factor;
  }
  return { ...strengths, values };
}

/** A copy in memory that threads share. */
function shared<A extends Uint32Array | Float32Array>(copy: A, from: A): A {
  copy.set(from);
  return copy;
}

/** Addresses of a matrix's arrays in the crew's arena. */
function placed(
  { arena }: Crew,
  matrix: Csr,
): { readonly indptr: number; readonly indices: number; readonly values: number } {
  const { indptr, indices, values } = matrix;
  return {
    indptr: shared(arena.uint32(indptr.length), indptr).byteOffset,
    indices: shared(arena.uint32(indices.length), indices).byteOffset,
    values: shared(arena.float32(values.length), values).byteOffset,
  };
}

/** XᵀCX + Λ into the lower triangle. A product of which nothing is known gets 1, and so no links. */
async function fillGram(
  crew: Crew,
  matrix: Float32Array,
  size: number,
  weighed: Csr,
  config: EaseConfig,
): Promise<void> {
  const { rows: users, columns: products } = weighed;
  const turned = placed(crew, transposeCsr(weighed));
  await crew.run('ease.gram', products, gramRowsAtOnce, {
    ...placed(crew, weighed),
    turnedIndptr: turned.indptr,
    turnedIndices: turned.indices,
    turnedValues: turned.values,
    matrix: matrix.byteOffset,
    size,
    users,
    products,
    entries: weighed.indices.length,
  });
  for (let product = 0; product < size; product++) {
    const at = product * (size + 1);
    const known = matrix[at];
    matrix[at] = known > 0 ? known + config.regularization * known ** config.regularizationExponent : 1;
  }
}

/** d_j^q / P_jj: what a row of the negated inverse is multiplied by to give links. */
function linkScale(matrix: Float32Array, size: number, strengths: Csr, exponent: number): Float32Array {
  const known = new Float64Array(strengths.columns);
  for (let entry = 0; entry < strengths.indices.length; entry++) {
    known[strengths.indices[entry]] += Math.abs(strengths.values[entry]);
  }
  return Float32Array.from(known, (mass, product) =>
    mass === 0 ? 0 : mass ** exponent / -matrix[product * (size + 1)],
  );
}

/** The strongest links of every product. */
async function pruned(
  crew: Crew,
  matrix: Float32Array,
  size: number,
  strengths: Csr,
  config: EaseConfig,
): Promise<ProductLinks> {
  const { arena } = crew;
  const products = strengths.columns;
  const width = Math.min(config.links, products);
  const scale = linkScale(matrix, size, strengths, config.popularityExponent);
  const counts = arena.uint32(products);
  const linkRows = arena.uint32(products * width);
  const linkWeights = arena.float32(products * width);
  await crew.run('ease.prune', products, prunedAtOnce, {
    matrix: matrix.byteOffset,
    size,
    products,
    scale: shared(arena.float32(products), scale).byteOffset,
    width,
    counts: counts.byteOffset,
    linkRows: linkRows.byteOffset,
    linkWeights: linkWeights.byteOffset,
  });
  return linksFrom(counts, linkRows, linkWeights, popularityOf(strengths));
}

/**
 * Learns links between products.
 *
 * @param strengths - users × products: > 0 liked, < 0 disliked; no zeros
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when products², pairs and links take more than 4 GiB
 */
export async function trainLinks(
  strengths: Csr,
  config: EaseConfig,
  context: TrainContext,
): Promise<ProductLinks> {
  checkCancelled(context);
  const size = paddedSize(strengths.columns);
  const crew = gatherCrew(createArena(), context, scratchLengthOf(size));
  try {
    const matrix = crew.arena.float32(size * size);
    await fillGram(crew, matrix, size, damped(strengths, config.userDamping), config);
    await invertNegated(crew, matrix, size, context.onProgress);
    return await pruned(crew, matrix, size, strengths, config);
  } finally {
    crew.dismiss();
  }
}
