import { createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { buffersFrom, forward, type Pass, passOver, writeJobs } from './network';
import { type Shape, windowStart } from './shape';

/** Rows that go through the network together. */
const rowsAtOnce = 1024;
/** Shoppers that go through all products together. */
export const shoppersAtOnce = 16;
/** Products whose scores are kept in the second-level cache until they are copied out. */
const productsAtOnce = 4096;

/** What a scorer works with, in its own memory: a request allocates nothing but a few views. */
export interface Workspace {
  readonly shape: Shape;
  readonly pass: Pass;
  readonly kernels: Kernels;
  /** Most rows of one pass. */
  readonly capacity: number;
  /** Address of states of shoppers at hand, [shoppersAtOnce × width]. */
  readonly states: number;
  readonly scores: Float32Array;
  /** 1/|E| of every product. */
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
  const base = arena.float32(buffersFrom(shape, capacity, 0).end / 4).byteOffset;
  const pass = passOver(arena.memory, {
    kernels: networkKernelsOver(arena.memory, scratch.byteOffset),
    shape,
    parameters: weights.byteOffset,
    embeddings: table.byteOffset,
    gradients: 0,
    buffers: buffersFrom(shape, capacity, base),
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

/** Liked products that the network looks at, oldest first. @throws {RangeError} on a row the scorer does not have */
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

/** Runs windows (none empty) that fit the capacity; the state of the last row of each is then at the answered rows. */
export function runWindows({ pass }: Workspace, windows: readonly Uint32Array[]): number[] {
  const { words, buffers } = pass;
  let rows = 0;
  const lastRows: number[] = [];
  for (const [sequence, window] of windows.entries()) {
    words.set(window, (buffers.inputs >> 2) + rows);
    rows += window.length;
    words[(buffers.offsets >> 2) + sequence + 1] = rows;
    lastRows.push(rows - 1);
  }
  words[buffers.extent >> 2] = rows;
  words[(buffers.extent >> 2) + 1] = windows.length;
  forward(pass);
  return lastRows;
}

/** Scores of `count` states at the workspace for every product, into rows of `out` from `first` on. */
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
