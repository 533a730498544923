import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import { can } from '../capability';
import type { LiveState, Scorer, ShopperHistory } from '../model';
import { pickPurchases } from '../purchases';
import { repeatsWithProducts, withProducts } from './align';
import { type Blended, ensembleScorer, type WeightedScorer } from './score';

/** Returns the products of the ensemble, then those that any part has admitted, in its order. */
function productsOfAll(products: Vocabulary, parts: readonly WeightedScorer[]): Vocabulary {
  const ids = new Set(Array.from({ length: products.size }, (_, row) => products.idOf(row)));
  for (const { scorer } of parts)
    for (let row = 0; row < scorer.products.size; row++) ids.add(scorer.products.idOf(row));
  return vocabularyOf([...ids]);
}

const hasSameRows = (a: Vocabulary, b: Vocabulary): boolean =>
  a.size === b.size &&
  Array.from({ length: a.size }, (_, row) => row).every(row => a.idOf(row) === b.idOf(row));

function admitted(
  products: Vocabulary,
  parts: readonly WeightedScorer[],
  blended: Blended | null,
  documents: ReadonlyMap<string, ProductDocument>,
): Scorer {
  const grown = parts.map(({ scorer, ...part }) => ({
    ...part,
    scorer: can(scorer, 'admit') ? scorer.admit(documents) : scorer,
  }));
  return liveEnsemble(productsOfAll(products, grown), grown, blended);
}

/**
 * Returns the history with one event added: a known product moves to the end and its weights add up. Purchases stay as they
 * were, because events of states have no type; whoever holds the state opens it anew after a purchase.
 */
function historyWithEvent(history: ShopperHistory, row: number, weight: number, at: number): ShopperHistory {
  const isOther = (_: number, entry: number): boolean => history.productRows[entry] !== row;
  const place = history.productRows.indexOf(row);
  const before = place < 0 ? 0 : history.weights[place];
  const { stars, purchases } = history;
  const entries = [...history.productRows.keys()].filter(entry => entry !== place);
  return {
    productRows: Uint32Array.of(...history.productRows.filter(isOther), row),
    weights: Float32Array.of(...history.weights.filter(isOther), before + weight),
    occurredAt: Float64Array.of(...history.occurredAt.filter(isOther), at),
    now: Math.max(history.now, at),
    ...(stars && {
      stars: Float32Array.of(...stars.filter(isOther), place < 0 ? Number.NaN : stars[place]),
    }),
    ...(purchases && { purchases: pickPurchases(purchases, [...entries, place]) }),
  };
}

/**
 * Opens states of the parts that have them; the other parts score the growing history. All states share one
 * summing scorer, which reads the states set by the current call.
 */
function stateOpener(
  products: Vocabulary,
  parts: readonly WeightedScorer[],
  blended: Blended | null,
): Scorer<'openState'>['openState'] | null {
  if (parts.every(({ scorer }) => !can(scorer, 'openState'))) return null;
  let currentStates: readonly (LiveState | undefined)[] = [];
  const stepping = parts.map(({ scorer, ...part }, index) => ({
    ...part,
    scorer: {
      products,
      scoreInto(histories: readonly ShopperHistory[], out: Float32Array) {
        const state = currentStates[index];
        if (state === undefined) scorer.scoreInto(histories, out);
        else state.scoreInto(out);
      },
    },
  }));
  const summing = ensembleScorer(products, stepping, blended);
  return opened => {
    let history = opened;
    const states = parts.map(({ scorer }) =>
      can(scorer, 'openState') ? scorer.openState(opened) : undefined,
    );
    return {
      append(productRow, weight, occurredAt) {
        history = historyWithEvent(history, productRow, weight, occurredAt);
        for (const state of states) state?.append(productRow, weight, occurredAt);
      },
      scoreInto(out) {
        currentStates = states;
        summing.scoreInto([history], out);
      },
    };
  };
}

/**
 * The weighted sum of parts; admits new products if a part does, and keeps states if a part does. A product
 * that a part does not know gets the mean of that part's scores. With a blend, what the shopper met has log-odds
 * of being chosen again, and the sums of the others are on the same scale (blend.ts).
 *
 * @param products - of all parts: each part knows a subset, in which products may have other rows
 */
export function liveEnsemble(
  products: Vocabulary,
  parts: readonly WeightedScorer[],
  blended: Blended | null = null,
): Scorer {
  const aligned = parts.map(({ scorer, ...part }) => ({
    ...part,
    scorer: hasSameRows(scorer.products, products) ? scorer : withProducts(scorer, products),
  }));
  const teller = blended?.teller ?? null;
  const knowing =
    teller === null || hasSameRows(teller.products, products)
      ? teller
      : repeatsWithProducts(teller, products);
  const scale = blended && { ...blended, teller: knowing };
  const openState = stateOpener(products, aligned, scale);
  const likedScorers = parts.map(({ scorer }) => scorer).filter(scorer => can(scorer, 'tellLiked'));
  return {
    ...ensembleScorer(products, aligned, scale),
    ...(parts.some(({ scorer }) => can(scorer, 'admit')) && {
      admit: (documents: ReadonlyMap<string, ProductDocument>) =>
        admitted(products, parts, blended, documents),
    }),
    ...(likedScorers.length > 0 && {
      wasLiked: (row: number) =>
        likedScorers.some(scorer => {
          const ownRow = scorer.products.rowOf(products.idOf(row));
          return ownRow >= 0 && scorer.wasLiked(ownRow);
        }),
    }),
    ...(knowing && {
      dueInto: knowing.dueInto,
      isRepeated: knowing.isRepeated,
      firstPurchaseOf: knowing.firstPurchaseOf,
    }),
    ...(openState && { openState }),
  };
}
