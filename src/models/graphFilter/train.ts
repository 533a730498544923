// Graph filtering without learning: Shen et al. 2021, "How powerful is graph convolution for recommendation?" (GF-CF),
// and Choi et al. 2023, "Blurring-sharpening process models for collaborative filtering" (BSPM). Users and products are a
// graph; R has an edge's strength over powers of its ends' degrees, and one step from product to product is
//
//   P = RᵀR / (highest eigenvalue of RᵀR),   R_ui = x_ui / (W_u^δ · N_i^β)
//
// A shopper's likes are blurred over the graph by one step, then sharpened n times by taking off what a step more adds:
//
//   scores = likes·M,   M = D^-p · P·(I − τP)ⁿ · D^q,   M_ii = 0,   D = diag(N)
//
// Departures: GF-CF and BSPM fix δ = β = ½ and p = q = 0, and add an ideal low-pass filter, for which they need the leading
// singular vectors. Here the exponents are free and there is no low-pass filter (docs/models/graph-filter.md says what that
// gains and where it may lose). M does not depend on the shopper: its rows are worked out here, sixteen at a time, and the
// strongest entries of each are kept. Cost: (1 + 2n)·pairs multiplications a product.

import { type Csr, transposeCsr } from '../../numeric/csr';
import { panelColumns } from '../../numeric/multiplySparse';
import { createArena } from '../../numeric/wasm/arena';
import { type Crew, gatherCrew, place, placeMatrix } from '../chunkedWork';
import { checkCancelled } from '../guards';
import type { TrainContext } from '../model';
import { linksFrom, type ProductLinks, popularityOf } from '../productLinks';
import type { GraphFilterConfig } from './settings';
import { scratchLengthOf } from './tasks';

/** Steps of the power method: the eigenvalue is a yardstick, and known to a thousandth after a few. */
const powerSteps = 30;

/** What is known of each row: Σ|x|. */
function massesOf({ rows, indptr, values }: Csr): Float64Array {
  const masses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) masses[row] += Math.abs(values[entry]);
  }
  return masses;
}

/** mass^exponent, 0 where nothing is known. */
const powersOf = (masses: Float64Array, exponent: number): Float32Array =>
  Float32Array.from(masses, mass => (mass === 0 ? 0 : mass ** exponent));

/** R: strengths over powers of what is known of both ends. */
function dampedEdges(strengths: Csr, users: Float32Array, products: Float32Array): Csr {
  const values = new Float32Array(strengths.values.length);
  for (let user = 0; user < strengths.rows; user++) {
    for (let entry = strengths.indptr[user]; entry < strengths.indptr[user + 1]; entry++) {
      values[entry] = strengths.values[entry] * users[user] * products[strengths.indices[entry]];
    }
  }
  return { ...strengths, values };
}

/** Highest eigenvalue of RᵀR by the power method. */
function highestEigenvalue({ rows, columns, indptr, indices, values }: Csr): number {
  let vector = new Float64Array(columns).fill(1 / Math.sqrt(columns));
  let length = 0;
  for (let step = 0; step < powerSteps; step++) {
    const next = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
        sum += values[entry] * vector[indices[entry]];
      }
      for (let entry = indptr[row]; entry < indptr[row + 1]; entry++)
        next[indices[entry]] += sum * values[entry];
    }
    length = Math.sqrt(next.reduce((sum, value) => sum + value * value, 0));
    if (length === 0) return 1;
    vector = next.map(value => value / length);
  }
  return length;
}

/** Rows of M over all threads. */
async function filteredLinks(crew: Crew, strengths: Csr, config: GraphFilterConfig): Promise<ProductLinks> {
  const { arena } = crew;
  const { rows: users, columns: products } = strengths;
  const userMasses = massesOf(strengths);
  const productMasses = massesOf(transposeCsr(strengths));
  const edges = dampedEdges(
    strengths,
    powersOf(userMasses, -config.userDamping),
    powersOf(productMasses, -config.productDamping),
  );
  const highest = highestEigenvalue(edges);
  const width = Math.min(config.links, products);
  const target = powersOf(productMasses, config.popularityExponent).map(power => power / highest);
  const counts = arena.uint32(products);
  const linkRows = arena.uint32(products * width);
  const linkWeights = arena.float32(products * width);
  await crew.runInSlices('graphFilter.rows', products, panelColumns, {
    users,
    products,
    byUser: placeMatrix(crew, edges),
    byProduct: placeMatrix(crew, transposeCsr(edges)),
    sourceScale: place(crew, powersOf(productMasses, -config.sourceExponent)),
    targetScale: place(crew, target),
    sharpening: config.sharpening / highest,
    sharpeningSteps: config.sharpeningSteps,
    width,
    counts: counts.byteOffset,
    linkRows: linkRows.byteOffset,
    linkWeights: linkWeights.byteOffset,
  });
  return linksFrom(counts, linkRows, linkWeights, popularityOf(strengths));
}

/**
 * Works out links between products. No seed; the same whatever the number of threads.
 *
 * @param strengths - users × products: > 0 liked, < 0 disliked; no zeros
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when pairs, links and scratch take more than 4 GiB
 */
export async function trainFilter(
  strengths: Csr,
  config: GraphFilterConfig,
  context: TrainContext,
): Promise<ProductLinks> {
  checkCancelled(context);
  const crew = gatherCrew(createArena(), context, scratchLengthOf(strengths.rows, strengths.columns));
  try {
    return await filteredLinks(crew, strengths, config);
  } finally {
    crew.dismiss();
  }
}
