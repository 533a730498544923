import { paddedColumns } from '../../numeric/paddedColumns';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import type { Kernels } from '../../numeric/wasm/kernels';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import type { LiveState, Scorer, ShopperHistory } from '../model';
import { addRepeats } from '../repeats';
import { scoreEach } from '../scoreEach';
import type { GruConfig, GruWeights } from './train';
import { weightPlaces } from './workspace';

/** The settings that scoring needs. */
export type GruScoring = Pick<GruConfig, 'rank' | 'scale' | 'repeatShare'>;

/** Parts of a scorer. */
export interface GruParts {
  readonly learned: GruWeights;
  readonly repeatRates: Float32Array;
  /** By product: steps to it, as a share of the most frequent product's. 0–1. */
  readonly popularity: Float32Array;
  readonly scoring: GruScoring;
}

/** Most that popularity adds to a score: it breaks ties, also among products that training did not see. */
const popularityShare = 1e-6;
/**
 * Most products that are read. Of a longer history only the latest are read, from a start that moves by blocks: cost is
 * bounded, and most events cost one step.
 */
const longestReading = 256;
const readingBlock = 128;

/** First place that is read of so many products. */
const readingStart = (length: number): number =>
  length <= longestReading ? 0 : readingBlock * Math.ceil((length - longestReading) / readingBlock);

/** The arrays of a scorer in its own memory. */
interface ScoringWorkspace {
  readonly parts: GruParts;
  readonly kernels: Kernels;
  readonly network: NetworkKernels;
  readonly columns: number;
  /** [products, up to a multiple of 4 × columns] */
  readonly products: Float32Array;
  readonly weights: Float32Array;
  /** These have one row each. */
  readonly x: Float32Array;
  readonly previous: Float32Array;
  readonly next: Float32Array;
  readonly fromInputs: Float32Array;
  readonly fromStates: Float32Array;
  readonly scores: Float32Array;
}

function workspaceOf(parts: GruParts, size: number): ScoringWorkspace {
  const arena: Arena = createArena();
  const columns = paddedColumns(parts.scoring.rank);
  const products = arena.float32(4 * Math.ceil(size / 4) * columns);
  products.set(parts.learned.products);
  const weights = arena.float32(parts.learned.weights.length);
  weights.set(parts.learned.weights);
  return {
    parts,
    kernels: kernelsOver(arena.memory),
    network: networkKernelsOver(arena.memory, arena.float32(productScratchLength).byteOffset),
    columns,
    products,
    weights,
    x: arena.float32(columns),
    previous: arena.float32(columns),
    next: arena.float32(columns),
    fromInputs: arena.float32(3 * columns),
    fromStates: arena.float32(3 * columns),
    scores: arena.float32(4 * Math.ceil(size / 4)),
  };
}

/** The state after one product more. */
function stepped(workspace: ScoringWorkspace, state: Float32Array, product: number): Float32Array {
  const { network, columns, products, weights, x, previous, next, fromInputs, fromStates } = workspace;
  const places = weightPlaces(columns);
  const weight = (place: number): number => weights.byteOffset + 4 * place;
  const root = Math.sqrt(columns);
  for (let k = 0; k < columns; k++) x[k] = root * products[product * columns + k];
  previous.set(state);
  const [inputs, states] = [fromInputs.byteOffset, fromStates.byteOffset];
  network.multiply(x.byteOffset, weight(places.input), inputs, 1, columns, 3 * columns);
  network.addBias(inputs, 1, 3 * columns, weight(places.inputBias));
  network.multiply(previous.byteOffset, weight(places.state), states, 1, columns, 3 * columns);
  network.addBias(states, 1, 3 * columns, weight(places.stateBias));
  network.gruStep(inputs, states, previous.byteOffset, next.byteOffset, 1, columns);
  return next.slice();
}

/** Probabilities of all products after a state: the softmax of scale × cosine; 0 for products that training did not see. */
function writeProbabilities(workspace: ScoringWorkspace, state: Float32Array, out: Float32Array): void {
  const { kernels, columns, products, scores, previous, parts } = workspace;
  const { popularity, scoring } = parts;
  const length = Math.hypot(...state) || 1;
  for (let k = 0; k < columns; k++) previous[k] = (scoring.scale * state[k]) / length;
  const { byteOffset } = previous;
  kernels.scoreRows(byteOffset, 1, products.byteOffset, scores.length, columns, scores.byteOffset);
  let sum = 0;
  for (let product = 0; product < out.length; product++) {
    // Cosines are at most 1: no score is above the scale.
    out[product] = popularity[product] > 0 ? Math.exp(scores[product] - scoring.scale) : 0;
    sum += out[product];
  }
  for (let product = 0; product < out.length; product++) {
    out[product] = out[product] / (sum || 1) + popularityShare * popularity[product];
  }
}

/** Products read so far, and the state after each. */
interface Reading {
  readonly products: number[];
  readonly states: Float32Array[];
}

/** Reads a list. Keeps the states of the products that it shares with the last list from the start. */
function readOn(workspace: ScoringWorkspace, reading: Reading, list: readonly number[]): Float32Array {
  let common = 0;
  while (common < list.length && reading.products[common] === list[common]) common++;
  reading.products.length = common;
  reading.states.length = common;
  for (const product of list.slice(common)) {
    const state = reading.states.at(-1) ?? new Float32Array(workspace.columns);
    reading.products.push(product);
    reading.states.push(stepped(workspace, state, product));
  }
  return reading.states.at(-1) ?? new Float32Array(workspace.columns);
}

/** The products that are read, oldest first: liked, and among the latest. */
function readable({ productRows, weights }: ShopperHistory): number[] {
  const liked = Array.from(productRows).filter((_, entry) => weights[entry] > 0);
  return liked.slice(readingStart(liked.length));
}

function scoreHistory(
  workspace: ScoringWorkspace,
  reading: Reading,
  history: ShopperHistory,
  out: Float32Array,
): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  const state = readOn(workspace, reading, readable(history));
  writeProbabilities(workspace, state, out);
  addRepeats(workspace.parts.repeatRates, history, out, workspace.parts.scoring.repeatShare);
}

/** A history that grows by one interaction at a time. */
function growingHistory(start: ShopperHistory): { append: LiveState['append']; now(): ShopperHistory } {
  const productRows = Array.from(start.productRows);
  const weights = Array.from(start.weights);
  const times = Array.from(start.occurredAt);
  return {
    append(productRow, weight, occurredAt) {
      const known = productRows.indexOf(productRow);
      let sum = weight;
      if (known >= 0) {
        sum += weights[known];
        for (const list of [productRows, weights, times]) list.splice(known, 1);
      }
      productRows.push(productRow);
      weights.push(sum);
      times.push(occurredAt);
    },
    now: () => ({
      productRows: Uint32Array.from(productRows),
      weights: Float32Array.from(weights),
      occurredAt: Float64Array.from(times),
      now: times.at(-1) ?? start.now,
    }),
  };
}

/** Scores by the state after the history. Holds the network, no shopper. */
export function gruScorer(products: Vocabulary, parts: GruParts): Scorer<'similar' | 'openState'> {
  const workspace = workspaceOf(parts, products.size);
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => {
        scoreHistory(workspace, { products: [], states: [] }, history, row);
      });
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      const { columns, scores, kernels } = workspace;
      const query = workspace.products.byteOffset + 4 * productRow * columns;
      kernels.scoreRows(query, 1, workspace.products.byteOffset, scores.length, columns, scores.byteOffset);
      out.set(scores.subarray(0, products.size));
      out[productRow] = Number.NaN;
    },
    openState(history) {
      const growing = growingHistory(history);
      const reading: Reading = { products: [], states: [] };
      return {
        append: growing.append,
        scoreInto(out) {
          checkOut({ products }, 1, out);
          scoreHistory(workspace, reading, growing.now(), out);
        },
      };
    },
  };
}
