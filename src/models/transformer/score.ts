import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { ProductVectors, Scorer, ShopperHistory } from '../model';
import { openLiveState } from './liveState';
import type { Shape } from './shape';
import { runWindows, scoreStates, shoppersAtOnce, type Workspace, windowOf, workspaceOf } from './workspace';

/** Scores consecutive histories whose windows fit one pass. */
function scoreRun(
  workspace: Workspace,
  windows: readonly Uint32Array[],
  first: number,
  out: Float32Array,
): void {
  const { pass, shape, states } = workspace;
  const { products, width } = shape;
  const lastRows = runWindows(
    workspace,
    windows.filter(window => window.length > 0),
  );
  let next = 0;
  for (let place = 0; place < windows.length; place++) {
    const isKnown = windows[place].length > 0;
    const from = (pass.buffers.state >>> 2) + width * (isKnown ? lastRows[next++] : 0);
    pass.floats.copyWithin((states >>> 2) + place * width, from, from + width);
  }
  scoreStates(workspace, windows.length, first, out);
  for (let place = 0; place < windows.length; place++) {
    const start = (first + place) * products;
    if (windows[place].length === 0) out.fill(Number.NaN, start, start + products);
  }
}

function scoreAll(workspace: Workspace, histories: readonly ShopperHistory[], out: Float32Array): void {
  let run: Uint32Array[] = [];
  let rows = 0;
  for (const [index, { productRows, weights }] of histories.entries()) {
    const window = windowOf(workspace, productRows, weights);
    if (run.length === shoppersAtOnce || rows + window.length > workspace.capacity) {
      scoreRun(workspace, run, index - run.length, out);
      run = [];
      rows = 0;
    }
    run.push(window);
    rows += window.length;
  }
  scoreRun(workspace, run, histories.length - run.length, out);
}

/** Cosines of every product's embedding with that of one product. */
function cosines(workspace: Workspace, productRow: number, out: Float32Array): void {
  const { pass, shape, states, inverseLengths } = workspace;
  const from = (pass.embeddings >>> 2) + productRow * shape.width;
  pass.floats.copyWithin(states >>> 2, from, from + shape.width);
  scoreStates(workspace, 1, 0, out);
  const own = inverseLengths[productRow];
  for (let row = 0; row < out.length; row++) out[row] *= own * inverseLengths[row];
  out[productRow] = Number.NaN;
}

/** The embeddings, and the state after a history: scores are their inner products. */
function vectorsOf(workspace: Workspace): ProductVectors {
  const { pass, shape } = workspace;
  const { width, products } = shape;
  const start = pass.embeddings >>> 2;
  return {
    columns: width,
    rows: pass.floats.subarray(start, start + products * width),
    queryInto({ productRows, weights }, out) {
      const window = windowOf(workspace, productRows, weights);
      if (window.length === 0) return false;
      const [last] = runWindows(workspace, [window]);
      const from = (pass.buffers.state >>> 2) + last * width;
      out.set(pass.floats.subarray(from, from + width));
      return true;
    },
  };
}

/**
 * Scores by the network's state after the history. Holds the network in its own memory; must not be called from two threads
 * at once.
 */
export function transformerScorer(
  products: Vocabulary,
  shape: Shape,
  parameters: Float32Array,
  embeddings: Float32Array,
): Scorer<'similar' | 'retrieve' | 'openState'> {
  const workspace = workspaceOf(shape, parameters, embeddings);
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      scoreAll(workspace, histories, out);
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      cosines(workspace, productRow, out);
    },
    openState: history => openLiveState(workspace, history),
    vectors: vectorsOf(workspace),
  };
}
