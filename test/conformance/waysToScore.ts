// Other ways to score than scoreInto: each function returns what is wrong, and nothing for a scorer without the capability.
import { can } from '../../src/models/capability';
import type { Scorer, ShopperHistory } from '../../src/models/model';
import { scoreRowsInto } from '../../src/numeric/scoreRows';

/** Room for the scores of one history, filled with a value that no scorer returns. */
const roomOf = ({ products }: Scorer): Float32Array => new Float32Array(products.size).fill(12345);

function scoresOf(scorer: Scorer, history: ShopperHistory): Float32Array {
  const out = roomOf(scorer);
  scorer.scoreInto([history], out);
  return out;
}

/** The first entry whose difference is more than a share of the largest score; -1 when there is none. */
function firstApart(found: Float32Array, expected: Float32Array, share: number): number {
  const largest = expected.reduce(
    (most, score) => (Number.isNaN(score) ? most : Math.max(most, Math.abs(score))),
    0,
  );
  return found.findIndex((score, row) =>
    Number.isNaN(expected[row])
      ? !Number.isNaN(score)
      : !(Math.abs(score - expected[row]) <= share * largest),
  );
}

/** Inner products must be the scores, bit for bit: lists are to be the same whichever way they are made. */
function vectorFailures(scorer: Scorer, histories: readonly ShopperHistory[]): string[] {
  if (!can(scorer, 'retrieve')) return [];
  const { vectors, products } = scorer;
  if (vectors.rows.length !== products.size * vectors.columns) return ['there is not one row per product'];
  return histories.flatMap((history, index) => {
    const query = new Float32Array(vectors.columns);
    const found = roomOf(scorer).fill(Number.NaN);
    if (vectors.queryInto(history, query)) {
      scoreRowsInto(query, vectors.rows, vectors.columns, found);
      for (let row = 0; row < found.length; row++) if (vectors.scored?.[row] === 0) found[row] = Number.NaN;
    }
    const apart = firstApart(found, scoresOf(scorer, history), 0);
    return apart < 0 ? [] : [`history ${index}: the inner product of row ${apart} is not its score`];
  });
}

function withoutEnd(history: ShopperHistory, entries: number): ShopperHistory {
  const end = Math.max(0, history.productRows.length - entries);
  return {
    ...history,
    productRows: history.productRows.slice(0, end),
    weights: history.weights.slice(0, end),
    occurredAt: history.occurredAt.slice(0, end),
  };
}

/** A state that takes the last two entries one by one must score as one that reads the whole. */
function stateFailures(scorer: Scorer, histories: readonly ShopperHistory[]): string[] {
  if (!can(scorer, 'openState')) return [];
  return histories.flatMap((history, index) => {
    const start = withoutEnd(history, 2);
    const state = scorer.openState(start);
    for (let entry = start.productRows.length; entry < history.productRows.length; entry++) {
      state.append(history.productRows[entry], history.weights[entry], history.occurredAt[entry]);
    }
    const found = roomOf(scorer);
    state.scoreInto(found);
    const apart = firstApart(found, scoresOf(scorer, history), 1e-4);
    return apart < 0 ? [] : [`history ${index}: row ${apart} scores differently step by step`];
  });
}

/** Complements of a cart and scores for it: never the cart itself, nor an infinity; scores for all others. */
function complementFailures(scorer: Scorer): string[] {
  if (!can(scorer, 'complements')) return [];
  const cart = Uint32Array.of(scorer.products.rowOf('p4'), scorer.products.rowOf('p6'));
  const out = roomOf(scorer);
  scorer.scoreCartInto(cart, out);
  const isScored = out.every((score, row) => cart.includes(row) === Number.isNaN(score));
  const failures = isScored ? [] : ['a product is not scored for the cart, or the cart itself is'];
  out.fill(12345);
  scorer.complementsInto(cart, out);
  if (!cart.every(row => Number.isNaN(out[row]))) failures.push('the cart itself is not NaN');
  const isSound = out.every(score => Number.isNaN(score) || (Number.isFinite(score) && score !== 12345));
  if (!isSound) failures.push('a score is neither a number nor NaN');
  const isSilent = out.every(Number.isNaN);
  return isSilent ? [...failures, 'two products of one taste have no complement'] : failures;
}

/** What is wrong with the other ways to score: inner products, states, complements of a cart. */
export const wayFailures = (scorer: Scorer, histories: readonly ShopperHistory[]): readonly string[] => [
  ...vectorFailures(scorer, histories),
  ...stateFailures(scorer, histories),
  ...complementFailures(scorer),
];
