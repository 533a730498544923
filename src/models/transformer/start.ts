import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact } from '../../artifact/artifact';
import { productsOf } from '../../learning/productArrays';
import type { Rng } from '../../numeric/rng';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { parameterPlacesOf, type Shape } from './shape';

/** Arrays that are given first values. */
export interface Start {
  readonly shape: Shape;
  readonly products: Vocabulary;
  readonly parameters: Float32Array;
  /** [products × width]. */
  readonly embeddings: Float32Array;
}

/** Standard deviation of the first embeddings. */
const embeddingDeviation = 0.02;

/** Draws normal numbers with the variance of Glorot & Bengio 2010, eq. 16. */
function drawWeight(parameters: Float32Array, place: number, inner: number, outer: number, rng: Rng): void {
  const deviation = Math.sqrt(2 / (inner + outer));
  for (let k = 0; k < inner * outer; k++) parameters[place + k] = deviation * rng.gaussian();
}

function drawAll({ shape, parameters, embeddings }: Start, rng: Rng): void {
  const { width, hidden } = shape;
  const places = parameterPlacesOf(shape);
  const unitGain = (place: number) => parameters.fill(1, place, place + width);
  for (let k = 0; k < embeddings.length; k++) embeddings[k] = embeddingDeviation * rng.gaussian();
  for (const block of places.blocks) {
    unitGain(block.attentionNorm);
    unitGain(block.feedNorm);
    // Three matrices side by side: each has the variance that it would have alone.
    const deviation = Math.sqrt(1 / width);
    for (let k = 0; k < 3 * width * width; k++) parameters[block.qkvWeight + k] = deviation * rng.gaussian();
    drawWeight(parameters, block.outWeight, width, width, rng);
    drawWeight(parameters, block.upWeight, width, hidden, rng);
    drawWeight(parameters, block.downWeight, hidden, width, rng);
  }
  unitGain(places.lastNorm);
}

/** Parameters of an earlier training. */
export interface Earlier {
  readonly products: Vocabulary;
  readonly parameters: Float32Array;
  /** [products × width]. */
  readonly embeddings: Float32Array;
}

/**
 * Parameters of an earlier artifact; null without one, or where its shape is another. Settings that are chosen from the data
 * can change the shape from one training to the next.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when the earlier artifact is
 */
export function earlierOf(previous: Artifact | undefined, shape: Shape): Earlier | null {
  if (previous === undefined) return null;
  const products = productsOf(previous);
  const embeddings = arrayOf(previous, 'embeddings', Float32Array, null);
  const parameters = arrayOf(previous, 'parameters', Float32Array, null);
  const isSame =
    parameters.length === parameterPlacesOf(shape).length &&
    embeddings.length === products.size * shape.width;
  return isSame ? { products, parameters, embeddings } : null;
}

/** Sets first values: those of an earlier training, whose products are found by their ids; all others are drawn. */
export function startParameters(start: Start, rng: Rng, earlier: Earlier | null): void {
  drawAll(start, rng);
  if (!earlier) return;
  const { products, parameters, embeddings, shape } = start;
  const { width } = shape;
  parameters.set(earlier.parameters);
  for (let row = 0; row < products.size; row++) {
    const old = earlier.products.rowOf(products.idOf(row));
    if (old >= 0) embeddings.set(earlier.embeddings.subarray(old * width, (old + 1) * width), row * width);
  }
}
