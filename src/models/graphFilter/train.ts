// Graph filtering in closed form: Shen et al. 2021, "How powerful is graph convolution for recommendation?"
// (GF-CF), and Choi et al. 2023, "Blurring-sharpening process models for collaborative filtering" (BSPM).
// Users and products form a bipartite graph. R holds the strength of each edge over powers of the degrees of
// its ends, and one step from product to product is
//
//   P = RᵀR / (highest eigenvalue of RᵀR),   R_ui = x_ui / (W_u^δ · N_i^β)
//
// A shopper's likes are blurred over the graph by one step, and a share of the output of an ideal low-pass
// filter is added (GF-CF, BSPM). The sum is sharpened n times by subtracting the result of one further step:
//
//   scores = likes·M,   M = D^-p · (P + share·D^-β·VVᵀ·D^β) · S(τP)ⁿ · D^q,   M_ii = 0,   D = diag(N)
//
// V holds the strongest right singular vectors of R. S(z) = Σⱼ (−z)ʲ/j! up to the order m of a Runge–Kutta step of ds/dt =
// −P·s (BSPM): 1 − z for Euler's.
//
// Differences from the papers: GF-CF and BSPM fix δ = β = ½, p = q = 0; here the exponents are settings, and
// by default there is no low-pass filter (docs/models/graph-filter.md reports the gains and losses). M does
// not depend on the shopper. The rows of its sparse part are computed here, sixteen at a time, and the
// strongest entries of each are kept: (1 + 2mn)·pairs multiplications per product. The low-pass part is
// dense, but of low rank: it is kept in full, as two factors.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { createWorkerGroup, place, placeMatrix, type WorkerGroup } from '../../learning/workerGroup';
import { type Csr, transposeCsr } from '../../numeric/csr';
import { panelColumns } from '../../numeric/multiplySparse';
import { pause } from '../../numeric/pause';
import { singularVectors } from '../../numeric/singularVectors';
import { createArena } from '../../numeric/wasm/arena';
import { linksFrom, type ProductLinks, popularityOf } from '../productLinks';
import { type LowPass, lowPassVectorsOf } from './lowPass';
import type { GraphFilterConfig } from './settings';
import { scratchLengthOf } from './tasks';

/** Steps of the power method: the eigenvalue only sets a scale, and is accurate to a thousandth after a few. */
const powerSteps = 30;

/** Returns Σ|x| of each row. */
function massesOf({ rows, indptr, values }: Csr): Float64Array {
  const masses = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) masses[row] += Math.abs(values[entry]);
  }
  return masses;
}

/** Returns mass^exponent, 0 for a mass of 0. */
const powersOf = (masses: Float64Array, exponent: number): Float32Array =>
  Float32Array.from(masses, mass => (mass === 0 ? 0 : mass ** exponent));

/** Returns R: strengths over powers of the masses of both ends. */
function dampedEdges(strengths: Csr, users: Float32Array, products: Float32Array): Csr {
  const values = new Float32Array(strengths.values.length);
  for (let user = 0; user < strengths.rows; user++) {
    for (let entry = strengths.indptr[user]; entry < strengths.indptr[user + 1]; entry++) {
      values[entry] = strengths.values[entry] * users[user] * products[strengths.indices[entry]];
    }
  }
  return { ...strengths, values };
}

/** Returns the highest eigenvalue of RᵀR by the power method. */
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

/** The graph and its addresses for threads. */
interface Graph {
  /** R. */
  readonly edges: Csr;
  /** Σ|x| of each product. */
  readonly masses: Float64Array;
  readonly highest: number;
  /** Fields of the task payloads: see GraphPayload. */
  readonly payload: Readonly<Record<string, number>>;
}

function graphOf(workers: WorkerGroup, strengths: Csr, config: GraphFilterConfig): Graph {
  const { rows: users, columns: products } = strengths;
  const masses = massesOf(transposeCsr(strengths));
  const edges = dampedEdges(
    strengths,
    powersOf(massesOf(strengths), -config.userDamping),
    powersOf(masses, -config.productDamping),
  );
  const highest = highestEigenvalue(edges);
  const payload = {
    users,
    products,
    byUser: placeMatrix(workers, edges),
    byProduct: placeMatrix(workers, transposeCsr(edges)),
    sharpening: config.sharpening / highest,
    sharpeningSteps: config.sharpeningSteps,
    sharpeningOrder: config.sharpeningOrder,
  };
  return { edges, masses, highest, payload };
}

/** Computes the rows of the sparse part of M on all threads. */
async function filteredLinks(
  workers: WorkerGroup,
  { masses, highest, payload }: Graph,
  strengths: Csr,
  config: GraphFilterConfig,
): Promise<ProductLinks> {
  const products = strengths.columns;
  const width = Math.min(config.links, products);
  const target = powersOf(masses, config.popularityExponent).map(power => power / highest);
  const counts = workers.arena.uint32(products);
  const linkRows = workers.arena.uint32(products * width);
  const linkWeights = workers.arena.float32(products * width);
  await workers.runInSlices('graphFilter.rows', products, panelColumns, {
    ...payload,
    sourceScale: place(workers, powersOf(masses, -config.sourceExponent)),
    targetScale: place(workers, target),
    width,
    counts: counts.byteOffset,
    linkRows: linkRows.byteOffset,
    linkWeights: linkWeights.byteOffset,
  });
  return linksFrom(counts, linkRows, linkWeights, popularityOf(strengths));
}

/** Multiplies each row of the factors by its scale. */
function scaleRows(factors: Float32Array, scales: Float32Array): void {
  const columns = factors.length / scales.length;
  for (let at = 0; at < factors.length; at++) factors[at] *= scales[Math.floor(at / columns)];
}

/** Returns the factors of the low-pass part of M: share·D^-(p + β)·V, and D^β·V, sharpened, times D^q. */
async function lowPassFactors(
  workers: WorkerGroup,
  { edges, masses, payload }: Graph,
  config: GraphFilterConfig,
  context: TrainContext,
): Promise<LowPass> {
  const { productDamping, sourceExponent, popularityExponent, lowPassShare } = config;
  const products = edges.columns;
  const vectors = lowPassVectorsOf(config, products);
  if (vectors === 0) return { vectors, sources: new Float32Array(0), targets: new Float32Array(0) };
  const sources = await singularVectors(edges, vectors, context.seed, async () => {
    await pause();
    checkCancelled(context);
  });
  const targets = workers.arena.float32(products * vectors);
  targets.set(sources);
  scaleRows(targets, powersOf(masses, productDamping));
  const sharpened = { ...payload, factors: targets.byteOffset, vectors };
  await workers.run('graphFilter.lowPass', vectors, panelColumns, sharpened);
  scaleRows(targets, powersOf(masses, popularityExponent));
  scaleRows(
    sources,
    powersOf(masses, -productDamping - sourceExponent).map(power => lowPassShare * power),
  );
  return { vectors, sources, targets: targets.slice() };
}

/**
 * Computes links between products and the low-pass filter. The result is the same for any number of threads.
 *
 * @param strengths - users × products: > 0 liked, < 0 disliked; no zeros
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when pairs, links, factors and scratch take more than 4 GiB
 */
export async function trainFilter(
  strengths: Csr,
  config: GraphFilterConfig,
  context: TrainContext,
): Promise<{ readonly links: ProductLinks; readonly lowPass: LowPass }> {
  checkCancelled(context);
  const workers = createWorkerGroup(
    createArena(),
    context,
    scratchLengthOf(strengths.rows, strengths.columns),
  );
  try {
    const graph = graphOf(workers, strengths, config);
    const lowPass = await lowPassFactors(workers, graph, config, context);
    return { links: await filteredLinks(workers, graph, strengths, config), lowPass };
  } finally {
    workers.dismiss();
  }
}
