import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../artifact/artifact';
import { GatewayError } from '../domain/errors';
import type { Settings } from '../learning/settings';
import type { Csr } from '../numeric/csr';
import { topKInto } from '../numeric/topK';
import type { Vocabulary } from '../snapshot/vocabulary';
import { checkOut } from './checkOut';
import type { Scorer, ShopperHistory } from './model';
import { orderAgesOf } from './orderAges';
import { standingOf } from './productScores';
import { scoreEach } from './scoreEach';

/**
 * Settings shared by all models that score by links.
 *
 * @param links - default number of links kept per product
 */
export const linkSettings = (links: number) =>
  ({
    links: {
      meaning: 'Maximum number of links kept per product.',
      default: links,
      minimum: 1,
      maximum: 5000,
      isInteger: true,
    },
    historyDecay: {
      meaning:
        'Decay per later instant: the weight of a history product is multiplied by this for each later one. 1 disables it.',
      default: 0.9,
      minimum: 0.01,
      maximum: 1,
      isInteger: false,
    },
  }) as const satisfies Settings;

/**
 * A linear recommender: sparse weights from liked products to other products, only the strongest ones of each
 * product.
 */
export interface ProductLinks {
  /** Links of product row p are [offsets[p], offsets[p + 1]). Length products + 1. */
  readonly offsets: Uint32Array;
  /** Target product of each link. */
  readonly rows: Uint32Array;
  /** Effect on the score of the target: > 0 raises it, < 0 lowers it. Same length as rows. */
  readonly weights: Float32Array;
  /** Net popularity of each product among all users, within ±1: orders products that no link leads to. */
  readonly popularity: Float32Array;
}

/** Share of the top score that popularity may add: it orders products without a link and breaks ties. */
const popularityShare = 1e-6;

/** Strength of a preference in a linear model: 1 for a view, 1.6 for a purchase, negative for dislikes. */
function strengthOf(preference: number): number {
  const standing = standingOf(preference);
  return Math.sign(standing) * Math.sqrt(Math.abs(standing));
}

/**
 * Returns the preferences as strengths, without pairs of weight 0: an interaction without a net opinion is
 * treated like no interaction.
 */
export function strengthsOf(preferences: Csr): Csr {
  const { rows, columns, indptr: from } = preferences;
  const indptr = new Uint32Array(rows + 1);
  const indices = new Uint32Array(preferences.indices.length);
  const values = new Float32Array(indices.length);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (let entry = from[row]; entry < from[row + 1]; entry++) {
      if (preferences.values[entry] === 0) continue;
      indices[end] = preferences.indices[entry];
      values[end++] = strengthOf(preferences.values[entry]);
    }
    indptr[row + 1] = end;
  }
  return { rows, columns, indptr, indices: indices.slice(0, end), values: values.slice(0, end) };
}

/** Returns the net popularity of each product, divided by the highest absolute value. */
export function popularityOf({ columns, indices, values }: Csr): Float32Array {
  const totals = new Float64Array(columns);
  for (let entry = 0; entry < indices.length; entry++) {
    totals[indices[entry]] += values[entry] * Math.abs(values[entry]);
  }
  const highest = totals.reduce((most, total) => Math.max(most, Math.abs(total)), Number.MIN_VALUE);
  return Float32Array.from(totals, total => total / highest);
}

/**
 * Keeps the entries of a row with the largest magnitude, in ascending order of product.
 *
 * @param size - scratch, as long as the row
 * @param rows - out: its length is the number wanted; unused places are left unchanged
 * @param weights - out, same length as rows
 * @returns number of entries kept; zeros are never kept
 */
export function strongestInto(
  row: Float32Array,
  size: Float32Array,
  rows: Uint32Array,
  weights: Float32Array,
): number {
  for (let at = 0; at < row.length; at++) size[at] = row[at] === 0 ? Number.NaN : Math.abs(row[at]);
  const kept = topKInto(size, rows, weights);
  const ascending = rows.subarray(0, kept).sort();
  for (let at = 0; at < kept; at++) weights[at] = row[ascending[at]];
  return kept;
}

/**
 * Builds links from rows of a fixed width that may be partly unused.
 *
 * @param counts - number of used places per row
 */
export function linksFrom(
  counts: Uint32Array,
  rows: Uint32Array,
  weights: Float32Array,
  popularity: Float32Array,
): ProductLinks {
  const width = counts.length === 0 ? 0 : rows.length / counts.length;
  const offsets = new Uint32Array(counts.length + 1);
  for (const [row, count] of counts.entries()) offsets[row + 1] = offsets[row] + count;
  const links = {
    offsets,
    rows: new Uint32Array(offsets[counts.length]),
    weights: new Float32Array(offsets[counts.length]),
    popularity,
  };
  for (const [row, count] of counts.entries()) {
    const start = row * width;
    links.rows.set(rows.subarray(start, start + count), offsets[row]);
    links.weights.set(weights.subarray(start, start + count), offsets[row]);
  }
  return links;
}

/** Returns links and their history decay as entries of an artifact's arrays. */
export function linkArrays(
  links: ProductLinks,
  historyDecay: number,
): readonly (readonly [string, ArtifactArray])[] {
  return [
    ['historyDecay', Float64Array.of(historyDecay)],
    ['linkOffsets', links.offsets],
    ['linkRows', links.rows],
    ['linkWeights', links.weights],
    ['popularity', links.popularity],
  ];
}

/**
 * Reads the links that {@link linkArrays} stored.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
function linksOf(artifact: Artifact, size: number): ProductLinks {
  const rows = arrayOf(artifact, 'linkRows', Uint32Array, null);
  const offsets = arrayOf(artifact, 'linkOffsets', Uint32Array, size + 1);
  const isAscending = offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]);
  const isWithin = rows.every(row => row < size);
  if (!(isAscending && isWithin && offsets[0] === 0 && offsets[size] === rows.length)) {
    throw new GatewayError(
      'ARTIFACT_DAMAGED',
      `Expected links among ${size} products; got offsets or rows outside them. Train the model again.`,
      { model: artifact.header.model },
    );
  }
  const weights = arrayOf(artifact, 'linkWeights', Float32Array, rows.length);
  return { offsets, rows, weights, popularity: arrayOf(artifact, 'popularity', Float32Array, size) };
}

/** Adds a small multiple of popularity, which orders products without a score of their own. */
function addPopularity({ popularity }: ProductLinks, out: Float32Array): void {
  let highest = 0;
  for (let product = 0; product < out.length; product++) if (out[product] > highest) highest = out[product];
  const scale = popularityShare * (highest || 1);
  for (let product = 0; product < out.length; product++) out[product] += scale * popularity[product];
}

/** Returns the strength of each history entry, decayed by `historyDecay` for each later instant. */
export function decayedStrengthsOf(
  { weights, occurredAt }: Pick<ShopperHistory, 'weights' | 'occurredAt'>,
  historyDecay: number,
): Float64Array {
  const ages = orderAgesOf(occurredAt);
  return Float64Array.from(weights, (weight, entry) => strengthOf(weight) * historyDecay ** ages[entry]);
}

function scoreOne(
  links: ProductLinks,
  history: ShopperHistory,
  historyDecay: number,
  out: Float32Array,
): void {
  const { productRows } = history;
  if (productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  const strengths = decayedStrengthsOf(history, historyDecay);
  for (let entry = 0; entry < productRows.length; entry++) {
    const strength = strengths[entry];
    const product = productRows[entry];
    for (let place = links.offsets[product]; place < links.offsets[product + 1]; place++) {
      out[links.rows[place]] += strength * links.weights[place];
    }
  }
  addPopularity(links, out);
}

/**
 * Returns a scorer that sums the links of a history: Σ strength · decay^age · link. Costs history × links
 * additions and two passes over the catalogue.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function loadLinks(artifact: Artifact, products: Vocabulary): Scorer<'similar'> {
  const links = linksOf(artifact, products.size);
  const [historyDecay] = arrayOf(artifact, 'historyDecay', Float64Array, 1);
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreOne(links, history, historyDecay, row);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      out.fill(0);
      for (let place = links.offsets[productRow]; place < links.offsets[productRow + 1]; place++) {
        out[links.rows[place]] = links.weights[place];
      }
      addPopularity(links, out);
      out[productRow] = Number.NaN;
    },
  };
}
