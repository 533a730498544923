import { gatherTextsInto, mapTextsInto, type Texts } from './texts';

/** Steps of conjugate gradients. Few are enough: texts are sparse and λ keeps the matrix well-conditioned. */
const steps = 15;

/** Returns, per column, the inner product of two [rows × columns] matrices. */
function columnDots(a: Float32Array, b: Float32Array, columns: number): Float64Array {
  const dots = new Float64Array(columns);
  for (let at = 0; at < a.length; at += columns) {
    for (let k = 0; k < columns; k++) dots[k] += a[at + k] * b[at + k];
  }
  return dots;
}

/** a ← a + scale_k·b, per column. */
function addColumns(a: Float32Array, b: Float32Array, scale: Float64Array): void {
  const columns = scale.length;
  for (let at = 0; at < a.length; at += columns) {
    for (let k = 0; k < columns; k++) a[at + k] += scale[k] * b[at + k];
  }
}

/** direction ← residual + scale_k·direction, per column. */
function updateDirection(direction: Float32Array, residual: Float32Array, scale: Float64Array): void {
  const columns = scale.length;
  for (let at = 0; at < direction.length; at += columns) {
    for (let k = 0; k < columns; k++) direction[at + k] = residual[at + k] + scale[k] * direction[at + k];
  }
}

/** A ridge regression from texts to targets. */
export interface TextRidge {
  readonly texts: Texts;
  /** [rows], ≥ 0: weight of a row's target. */
  readonly weights: Float32Array;
  /** Y, [rows × columns] */
  readonly targets: Float32Array;
  readonly columns: number;
  /** λ > 0 */
  readonly regularization: number;
}

/** Returns signed ratios, 0 where the denominator is 0: a column that is solved stays unchanged. */
const ratios = (above: Float64Array, below: Float64Array, sign: 1 | -1): Float64Array =>
  above.map((value, k) => (below[k] > 1e-30 ? (sign * value) / below[k] : 0));

/** Texts with their own terms alone, and which terms these are. */
interface CompactTexts {
  readonly texts: Texts;
  /** Ascending. */
  readonly used: Uint32Array;
}

/** Leaves out terms that no row has: their coefficients are 0. */
function compacted(texts: Texts): CompactTexts {
  const isUsed = new Uint8Array(texts.terms);
  for (const term of texts.indices) isUsed[term] = 1;
  const used = Uint32Array.from(isUsed.keys()).filter(term => isUsed[term] === 1);
  const placeOf = new Uint32Array(texts.terms);
  for (const [place, term] of used.entries()) placeOf[term] = place;
  return { texts: { ...texts, terms: used.length, indices: texts.indices.map(term => placeOf[term]) }, used };
}

/** Returns a map of the used terms as one of all terms. */
function spreadOut(
  map: Float32Array,
  used: Uint32Array,
  { terms, rank }: Texts,
  columns: number,
): Float32Array {
  const out = new Float32Array((terms + rank) * columns);
  for (const [place, term] of used.entries())
    out.set(map.subarray(place * columns, (place + 1) * columns), term * columns);
  out.set(map.subarray(used.length * columns), terms * columns);
  return out;
}

/**
 * Returns the map from texts to targets that minimises Σ_rows w·|x·M - y|² + λ·|M|²: (XᵀWX + λI)·M = XᵀWY,
 * all columns at once by conjugate gradients (Hestenes & Stiefel 1952). O(steps · (entries + used terms) · columns).
 *
 * @param onStep - called between steps; may throw to stop
 * @returns [(terms + rank) × columns]
 */
export async function solveTextRidge(ridge: TextRidge, onStep: () => Promise<void>): Promise<Float32Array> {
  const { weights, targets, columns, regularization } = ridge;
  const { texts, used } = compacted(ridge.texts);
  const length = (texts.terms + texts.rank) * columns;
  const solution = new Float32Array(length);
  const residual = new Float32Array(length);
  gatherTextsInto(texts, weights, targets, columns, residual);
  const direction = residual.slice();
  const applied = new Float32Array(length);
  const fitted = new Float32Array(targets.length);
  let square = columnDots(residual, residual, columns);
  for (let step = 0; step < steps; step++) {
    mapTextsInto(texts, direction, columns, fitted);
    gatherTextsInto(texts, weights, fitted, columns, applied);
    for (let at = 0; at < length; at++) applied[at] += regularization * direction[at];
    const curvature = columnDots(direction, applied, columns);
    addColumns(solution, direction, ratios(square, curvature, 1));
    addColumns(residual, applied, ratios(square, curvature, -1));
    const next = columnDots(residual, residual, columns);
    const growth = ratios(next, square, 1);
    updateDirection(direction, residual, growth);
    square = next;
    await onStep();
  }
  return spreadOut(solution, used, ridge.texts, columns);
}
