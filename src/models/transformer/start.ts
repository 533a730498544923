import type { Artifact } from '../../artifact/artifact';
import type { Rng } from '../../numeric/rng';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { arrayOf, productsOf } from '../products';
import { parameterPlacesOf, type Shape } from './shape';

/** Arrays to start. */
export interface Start {
  readonly shape: Shape;
  readonly products: Vocabulary;
  readonly parameters: Float32Array;
  /** [products × width]. */
  readonly embeddings: Float32Array;
}

/** Standard deviation of a first embedding's numbers. */
const embeddingDeviation = 0.02;

/** Normal numbers with the variance of Glorot & Bengio 2010, eq. 16. */
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
    // Three matrices side by side, each of its own: the variance of one of them.
    const deviation = Math.sqrt(1 / width);
    for (let k = 0; k < 3 * width * width; k++) parameters[block.qkvWeight + k] = deviation * rng.gaussian();
    drawWeight(parameters, block.outWeight, width, width, rng);
    drawWeight(parameters, block.upWeight, width, hidden, rng);
    drawWeight(parameters, block.downWeight, hidden, width, rng);
  }
  unitGain(places.lastNorm);
}

/**
 * First values: drawn, or those of an earlier artifact of the same shape, whose products are found by their ids; what is
 * new to it is drawn.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when the earlier artifact is
 */
export function startParameters(start: Start, rng: Rng, previous?: Artifact): void {
  drawAll(start, rng);
  if (!previous) return;
  const { products, parameters, embeddings, shape } = start;
  const { width } = shape;
  const before = productsOf(previous);
  const earlier = arrayOf(previous, 'embeddings', Float32Array, null);
  const shared = arrayOf(previous, 'parameters', Float32Array, null);
  if (shared.length !== parameters.length || earlier.length !== before.size * width) return;
  parameters.set(shared);
  for (let row = 0; row < products.size; row++) {
    const old = before.rowOf(products.idOf(row));
    if (old >= 0) embeddings.set(earlier.subarray(old * width, (old + 1) * width), row * width);
  }
}
