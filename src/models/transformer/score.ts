import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { ProductVectors, Scorer, ShopperHistory } from '../model';
import { type Desk, deskOf, runWindows, scoreStates, shoppersAtOnce, windowOf } from './desk';
import { openLiveState } from './liveState';
import type { Shape } from './shape';

/** Scores a run of histories whose windows fit one pass. */
function scoreRun(desk: Desk, windows: readonly Uint32Array[], first: number, out: Float32Array): void {
  const { pass, shape, states } = desk;
  const { products, width } = shape;
  const lastRows = runWindows(
    desk,
    windows.filter(window => window.length > 0),
  );
  let next = 0;
  for (let place = 0; place < windows.length; place++) {
    const isKnown = windows[place].length > 0;
    const from = (pass.buffers.state >> 2) + width * (isKnown ? lastRows[next++] : 0);
    pass.floats.copyWithin((states >> 2) + place * width, from, from + width);
  }
  scoreStates(desk, windows.length, first, out);
  for (let place = 0; place < windows.length; place++) {
    const start = (first + place) * products;
    if (windows[place].length === 0) out.fill(Number.NaN, start, start + products);
  }
}

function scoreAll(desk: Desk, histories: readonly ShopperHistory[], out: Float32Array): void {
  let run: Uint32Array[] = [];
  let rows = 0;
  for (const [index, { productRows, weights }] of histories.entries()) {
    const window = windowOf(desk, productRows, weights);
    if (run.length === shoppersAtOnce || rows + window.length > desk.capacity) {
      scoreRun(desk, run, index - run.length, out);
      run = [];
      rows = 0;
    }
    run.push(window);
    rows += window.length;
  }
  scoreRun(desk, run, histories.length - run.length, out);
}

/** Cosines of every product's embedding with that of one. */
function cosines(desk: Desk, productRow: number, out: Float32Array): void {
  const { pass, shape, states, inverseLengths } = desk;
  const from = (pass.embeddings >> 2) + productRow * shape.width;
  pass.floats.copyWithin(states >> 2, from, from + shape.width);
  scoreStates(desk, 1, 0, out);
  const own = inverseLengths[productRow];
  for (let row = 0; row < out.length; row++) out[row] *= own * inverseLengths[row];
  out[productRow] = Number.NaN;
}

/** The embeddings, and the state after a history, whose inner products the scores are. */
function vectorsOf(desk: Desk): ProductVectors {
  const { pass, shape } = desk;
  const { width, products } = shape;
  const start = pass.embeddings >> 2;
  return {
    columns: width,
    rows: pass.floats.subarray(start, start + products * width),
    queryInto({ productRows, weights }, out) {
      const window = windowOf(desk, productRows, weights);
      if (window.length === 0) return false;
      const [last] = runWindows(desk, [window]);
      const from = (pass.buffers.state >> 2) + last * width;
      out.set(pass.floats.subarray(from, from + width));
      return true;
    },
  };
}

/**
 * Scores by the network's state after the history. Holds the network in memory of its own; not to be called from two
 * threads at once.
 */
export function transformerScorer(
  products: Vocabulary,
  shape: Shape,
  parameters: Float32Array,
  embeddings: Float32Array,
): Scorer {
  const desk = deskOf(shape, parameters, embeddings);
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      scoreAll(desk, histories, out);
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      cosines(desk, productRow, out);
    },
    openState: history => openLiveState(desk, history),
    vectors: vectorsOf(desk),
  };
}
