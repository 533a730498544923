import { topK } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { type BackoffPool, backoffPool } from '../backoff';
import { checkOut } from '../checkOut';
import { latestSessionStart } from '../latestSession';
import type { Scorer, ShopperHistory } from '../model';
import { addRepeats } from '../repeats';
import { scoreEach } from '../scoreEach';
import type { MarkovFallback } from './fallback';
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
  /** Null where products without a transition are ordered by popularity alone: artifacts of earlier versions. */
  readonly fallback: (MarkovFallback & { readonly pool: BackoffPool }) | null;
}

/** A product of the history in the query. */
interface Queried {
  readonly product: number;
  /** Of its transitions. */
  readonly weight: number;
  /** Of what follows its category. */
  readonly mass: number;
  /** Number of later orders with a liked product. */
  readonly age: number;
}

/** Returns the history entries with a positive weight, latest first. Entries of one order decay alike. */
function queryOf(
  { productRows, weights, occurredAt }: ShopperHistory,
  { transitions, scoring, fallback }: MarkovState,
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
    const own = decay * (entry < sessionStart ? scoring.acrossShare : 1);
    const mass = own * (fallback?.masses[product] ?? 0);
    query.push({ product, weight: own * transitions.trusts[product], mass, age });
  }
  return query;
}

/** Adds Σ w_i p(j | i) / total. */
function addFirstOrder(
  { offsets, rows, shares }: Transitions,
  query: readonly Queried[],
  total: number,
  out: Float32Array,
): void {
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

/** Adds what follows the categories of the query, and a little popularity, which orders products without a score. */
function addFallback(
  { transitions: { popularity }, fallback }: MarkovState,
  query: readonly Queried[],
  total: number,
  out: Float32Array,
): void {
  if (fallback === null) {
    for (let product = 0; product < out.length; product++)
      out[product] += popularityShare * popularity[product];
    return;
  }
  const { pool } = fallback;
  for (const { product, mass } of query) if (mass > 0) pool.add(product, mass / total);
  pool.addPopular(popularityShare);
  pool.addInto(out);
}

const sumOf = (query: readonly Queried[], amountOf: (entry: Queried) => number): number =>
  query.reduce((sum, entry) => sum + amountOf(entry), 0);

function scoreOne(state: MarkovState, history: ShopperHistory, out: Float32Array): void {
  const { transitions, repeatRates, scoring } = state;
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  const query = queryOf(history, state);
  const counted = sumOf(query, ({ weight }) => weight);
  const total = counted + sumOf(query, ({ mass }) => mass);
  if (total > 0) {
    addFirstOrder(transitions, query, total, out);
    // As far as the counts are trusted, so is what two products together say.
    addSecondOrder(transitions, query, (scoring.secondOrderShare * counted) / total, out);
    addWalk(state, history, out);
  }
  addFallback(state, query, total, out);
  addRepeats(repeatRates, history, out, scoring.repeatShare);
}

/**
 * Returns a scorer by transitions from the products of the history: see train.ts. Keeps counts and no shopper
 * data.
 */
export function markovScorer(
  products: Vocabulary,
  { fallback, ...stored }: Omit<MarkovState, 'fallback'> & { readonly fallback: MarkovFallback | null },
): Scorer<'similar'> {
  const state = { ...stored, fallback: fallback && { ...fallback, pool: backoffPool(fallback.backoff) } };
  return {
    products,
    scoreInto(histories, out) {
      scoreEach(products, histories, out, (history, row) => scoreOne(state, history, row));
    },
    similarInto(productRow, out) {
      checkOut({ products }, 1, out);
      out.fill(0);
      const weight = state.transitions.trusts[productRow];
      const mass = state.fallback?.masses[productRow] ?? 0;
      const query = [{ product: productRow, weight, mass, age: 0 }];
      const total = weight + mass;
      if (total > 0) addFirstOrder(state.transitions, query, total, out);
      addFallback(state, query, total, out);
      out[productRow] = Number.NaN;
    },
  };
}
