import { createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { buffersFrom, forward, type Pass, passOver, writeJobs } from './network';
import { type Shape, windowStart } from './shape';

/** Rows per pass through the network. */
const rowsAtOnce = 1024;
/** Shoppers that are scored together. */
export const shoppersAtOnce = 16;
/** Products whose scores stay in the second-level cache until they are copied out. */
const productsAtOnce = 4096;

/** Arrays of a scorer in its own memory. A request allocates only a few views. */
export interface Workspace {
  readonly shape: Shape;
  readonly pass: Pass;
  readonly kernels: Kernels;
  /** Most rows per pass. */
  readonly capacity: number;
  /** Address of the states of the shoppers being scored, [shoppersAtOnce × width]. */
  readonly states: number;
  readonly scores: Float32Array;
  /** 1/|E| of every product; 0 where |E| is 0. */
  readonly inverseLengths: Float32Array;
}

/** A workspace for a trained network. */
export function workspaceOf(shape: Shape, parameters: Float32Array, embeddings: Float32Array): Workspace {
  const arena = createArena();
  const { products, width, span } = shape;
  const capacity = Math.max(span, rowsAtOnce);
  const scratch = arena.float32(productScratchLength);
  const weights = arena.float32(parameters.length);
  weights.set(parameters);
  const table = arena.float32(4 * Math.ceil(products / 4) * width);
  table.set(embeddings);
  const states = arena.float32(shoppersAtOnce * width).byteOffset;
  const scores = arena.float32(shoppersAtOnce * productsAtOnce);
  const buffers = buffersFrom(shape, capacity, words => arena.float32(words).byteOffset);
  const pass = passOver(arena.memory, {
    kernels: networkKernelsOver(arena.memory, scratch.byteOffset),
    shape,
    parameters: weights.byteOffset,
    embeddings: table.byteOffset,
    gradients: 0,
    buffers,
    dropout: 0,
    seed: 0,
  });
  writeJobs(pass);
  const inverseLengths = new Float32Array(products).map((_, row) => {
    let square = 0;
    for (let k = row * width; k < (row + 1) * width; k++) square += embeddings[k] ** 2;
    return square > 0 ? 1 / Math.sqrt(square) : 0;
  });
  return { shape, pass, kernels: kernelsOver(arena.memory), capacity, states, scores, inverseLengths };
}

/** Liked products that the network reads, oldest first. @throws {RangeError} on a row that the scorer does not have */
export function windowOf(
  { shape }: Workspace,
  productRows: ArrayLike<number>,
  weights: ArrayLike<number>,
): Uint32Array {
  const liked: number[] = [];
  for (let entry = 0; entry < productRows.length; entry++) {
    const row = productRows[entry];
    if (row >= shape.products)
      throw new RangeError(`Expected product rows under ${shape.products}; got ${row}.`);
    if (weights[entry] > 0) liked.push(row);
  }
  return Uint32Array.from(liked.slice(windowStart(liked.length, shape.span)));
}

/** Runs windows, none of them empty, that fit the capacity together. Returns the row of each window's last state. */
export function runWindows({ pass }: Workspace, windows: readonly Uint32Array[]): number[] {
  const { words, buffers } = pass;
  let rows = 0;
  const lastRows: number[] = [];
  for (const [sequence, window] of windows.entries()) {
    words.set(window, (buffers.inputs >>> 2) + rows);
    rows += window.length;
    words[(buffers.offsets >>> 2) + sequence + 1] = rows;
    lastRows.push(rows - 1);
  }
  words[buffers.extent >>> 2] = rows;
  words[(buffers.extent >>> 2) + 1] = windows.length;
  forward(pass);
  return lastRows;
}

/** Scores the first `count` states of the workspace for every product, into rows of `out` from `first` on. */
export function scoreStates(
  { shape, pass, kernels, states, scores }: Workspace,
  count: number,
  first: number,
  out: Float32Array,
): void {
  const { products, width } = shape;
  for (let start = 0; start < products; start += productsAtOnce) {
    const size = Math.min(productsAtOnce, products - start);
    const padded = 4 * Math.ceil(size / 4);
    kernels.scoreRows(states, count, pass.embeddings + 4 * start * width, padded, width, scores.byteOffset);
    for (let place = 0; place < count; place++) {
      out.set(scores.subarray(place * padded, place * padded + size), (first + place) * products + start);
    }
  }
}
