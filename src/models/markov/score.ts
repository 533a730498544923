import { topK } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import { latestSessionStart } from '../latestSession';
import type { Scorer, ShopperHistory } from '../model';
import { addRepeats } from '../repeats';
import type { MarkovConfig, Transitions } from './train';

/** Settings used in scoring. */
export type MarkovScoring = Pick<
  MarkovConfig,
  'historyDecay' | 'acrossShare' | 'secondOrderShare' | 'walkShare' | 'walkBreadth' | 'repeatShare'
>;

/** Maximum that popularity may add: it orders products without a transition and breaks ties. */
const popularityShare = 1e-6;
/** Minimum weight of a history product: those below are ignored. */
const minWeight = 1e-4;

/** State of a scorer. */
export interface MarkovState {
  readonly transitions: Transitions;
  readonly repeatRates: Float32Array;
  readonly scoring: MarkovScoring;
}

/** A product of the history in the query. */
interface Queried {
  readonly product: number;
  readonly weight: number;
  /** Number of later orders with a liked product. */
  readonly age: number;
}

/** Returns the history entries with a positive weight, latest first. Entries of one order decay alike. */
function queryOf(
  { productRows, weights, occurredAt }: ShopperHistory,
  { trusts }: Transitions,
  scoring: MarkovScoring,
): readonly Queried[] {
  const sessionStart = latestSessionStart(occurredAt);
  const query: Queried[] = [];
  let [decay, age, instant] = [1, 0, Number.NaN];
  for (let entry = productRows.length - 1; entry >= 0; entry--) {
    if (!(weights[entry] > 0)) continue;
    if (query.length > 0 && occurredAt[entry] !== instant) {
      age++;
      decay *= scoring.historyDecay;
    }
    if (!(decay > minWeight)) break;
    instant = occurredAt[entry];
    const product = productRows[entry];
    const weight = decay * trusts[product] * (entry < sessionStart ? scoring.acrossShare : 1);
    query.push({ product, weight, age });
  }
  return query;
}

/** Σ w_i p(j | i) / Σ w_i. */
function addFirstOrder(
  transitions: Transitions,
  query: readonly Pick<Queried, 'product' | 'weight'>[],
  out: Float32Array,
): void {
  const { offsets, rows, shares } = transitions;
  const total = query.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return;
  for (const { product, weight } of query) {
    const scale = weight / total;
    for (let place = offsets[product]; place < offsets[product + 1]; place++) {
      out[rows[place]] += scale * shares[place];
    }
  }
}

/** Returns the index of the pair (earlier, product); -1 when no user continued from it. Binary search. */
function pairOf({ pairStarts, pairEarlier }: Transitions, earlier: number, product: number): number {
  let low = pairStarts[product];
  let high = pairStarts[product + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pairEarlier[middle] < earlier) low = middle + 1;
    else high = middle;
  }
  return low < pairStarts[product + 1] && pairEarlier[low] === earlier ? low : -1;
}

/** Adds share × p(j | h, i) for the last two products, if each was alone in its order. */
function addSecondOrder(
  transitions: Transitions,
  query: readonly Queried[],
  share: number,
  out: Float32Array,
): void {
  if (query.length < 2 || transitions.pairEarlier.length === 0) return;
  if (query[1].age !== 1 || query.at(2)?.age === 1) return;
  const pair = pairOf(transitions, query[1].product, query[0].product);
  if (pair < 0) return;
  const { pairOffsets, pairRows, pairShares } = transitions;
  for (let place = pairOffsets[pair]; place < pairOffsets[pair + 1]; place++) {
    out[pairRows[place]] += share * pairShares[place];
  }
}

/**
 * Adds a second step, from the most probable products of the first step to products outside the history: it
 * reaches products without an observed transition from the history.
 */
function addWalk({ transitions, scoring }: MarkovState, history: ShopperHistory, out: Float32Array): void {
  if (!(scoring.walkShare > 0)) return;
  const { offsets, rows, shares } = transitions;
  const first = topK(out, scoring.walkBreadth);
  const before = Float32Array.from(history.productRows, row => out[row]);
  const known = new Set(history.productRows);
  const likely = first.rows.subarray(0, first.length).filter(row => out[row] > 0 && !known.has(row));
  const weights = Float32Array.from(likely, row => scoring.walkShare * out[row]);
  for (const [index, product] of likely.entries()) {
    const weight = weights[index];
    const end = offsets[product + 1];
    for (let place = offsets[product]; place < end; place++) out[rows[place]] += weight * shares[place];
  }
  for (const [entry, row] of history.productRows.entries()) out[row] = before[entry];
}

function addPopularity({ popularity }: Transitions, out: Float32Array): void {
  for (let product = 0; product < out.length; product++)
    out[product] += popularityShare * popularity[product];
}

function scoreOne(state: MarkovState, history: ShopperHistory, out: Float32Array): void {
  const { transitions, repeatRates, scoring } = state;
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  const query = queryOf(history, transitions, scoring);
  addFirstOrder(transitions, query, out);
  addSecondOrder(transitions, query, scoring.secondOrderShare, out);
  addWalk(state, history, out);
  addRepeats(repeatRates, history, out, scoring.repeatShare);
  addPopularity(transitions, out);
}

/**
 * Returns a scorer by transitions from the products of the history: see train.ts. Keeps counts and no shopper
 * data.
 */
export function markovScorer(products: Vocabulary, state: MarkovState): Scorer<'similar'> {
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (const [index, history] of histories.entries()) {
        scoreOne(state, history, out.subarray(index * products.size, (index + 1) * products.size));
      }
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      out.fill(0);
      addFirstOrder(state.transitions, [{ product: productRow, weight: 1 }], out);
      addPopularity(state.transitions, out);
      out[productRow] = Number.NaN;
    },
  };
}
