import type { LiveState, ShopperHistory } from '../model';
import { forwardRow, rowScratchOf } from './oneRow';
import { runWindows, scoreStates, type Workspace, windowOf } from './workspace';

/** Returns whether `longer` is `shorter` with one more row at its end. */
const continues = (longer: Uint32Array, shorter: Uint32Array): boolean =>
  longer.length === shorter.length + 1 && shorter.every((row, place) => row === longer[place]);

/** Returns whether both hold the same rows. */
const isSame = (a: Uint32Array, b: Uint32Array): boolean =>
  a.length === b.length && a.every((row, place) => row === b[place]);

/**
 * A shopper's liked products in order, and the network's keys and values of those in the window. An event at the end costs
 * one row of the network. The window is recomputed where the history changes further back (a liked product comes again or
 * is no longer liked) or the window moves (windowStart: once per eighth of the span).
 */
export function openLiveState(workspace: Workspace, history: ShopperHistory): LiveState {
  const { shape, pass, states } = workspace;
  const { width, span } = shape;
  const scratch = rowScratchOf(pass);
  /** Weights of all products of the history, in order of their last event. */
  const entries = new Map<number, number>();
  const caches = Array.from({ length: shape.blocks }, () => new Float32Array(span * 2 * width));
  const state = new Float32Array(width);
  let window: Uint32Array = new Uint32Array(0);

  function recompute(): void {
    const [last] = runWindows(workspace, [window]);
    const { buffers, floats } = pass;
    for (const [index, cache] of caches.entries()) {
      for (let row = 0; row < window.length; row++) {
        const from = (buffers.blocks[index].qkv >>> 2) + row * 3 * width + width;
        cache.set(floats.subarray(from, from + 2 * width), row * 2 * width);
      }
    }
    const from = (buffers.state >>> 2) + last * width;
    state.set(floats.subarray(from, from + width));
  }

  function update(): void {
    const before = window;
    window = windowOf(workspace, [...entries.keys()], [...entries.values()]);
    const last = window.length - 1;
    if (last < 0 || isSame(window, before)) return;
    if (continues(window, before)) forwardRow(pass, scratch, caches, window[last], last, state);
    else recompute();
  }

  for (const [entry, row] of history.productRows.entries()) entries.set(row, history.weights[entry]);
  update();
  return {
    append(productRow, weight) {
      const before = entries.get(productRow) ?? 0;
      entries.delete(productRow);
      entries.set(productRow, before + weight);
      update();
    },
    scoreInto(out) {
      if (window.length === 0) {
        out.fill(Number.NaN);
        return;
      }
      pass.floats.set(state, states >>> 2);
      scoreStates(workspace, 1, 0, out);
    },
  };
}
