import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import { can } from '../capability';
import type { LiveState, Scorer, ShopperHistory } from '../model';
import { ensembleScorer, type WeightedScorer } from './score';

/**
 * A part asked about more products than it knows: it has no number for these, which the sum takes for neither good
 * nor bad (standardize.ts). Histories are told to the part without them.
 */
function widened(scorer: Scorer, products: Vocabulary): Scorer {
  const own = new Float32Array(scorer.products.size);
  const partRows = Int32Array.from({ length: products.size }, (_, row) =>
    scorer.products.rowOf(products.idOf(row)),
  );

  function known(history: ShopperHistory): ShopperHistory {
    const isKnown = (_: number, entry: number): boolean => partRows[history.productRows[entry]] >= 0;
    return {
      ...history,
      productRows: history.productRows.filter(isKnown).map(row => partRows[row]),
      weights: history.weights.filter(isKnown),
      occurredAt: history.occurredAt.filter(isKnown),
      ...(history.stars && { stars: history.stars.filter(isKnown) }),
    };
  }

  return {
    products,
    scoreInto(histories, out) {
      for (const [index, history] of histories.entries()) {
        scorer.scoreInto([known(history)], own);
        const row = out.subarray(index * products.size, (index + 1) * products.size);
        for (let product = 0; product < row.length; product++)
          row[product] = partRows[product] < 0 ? Number.NaN : own[partRows[product]];
      }
    },
  };
}

/** The products of the ensemble, then those that any grown part has learned of, in its order. */
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
  documents: ReadonlyMap<string, ProductDocument>,
): Scorer {
  const grown = parts.map(({ scorer, weight }) => ({
    weight,
    scorer: can(scorer, 'admit') ? scorer.admit(documents) : scorer,
  }));
  return liveEnsemble(productsOfAll(products, grown), grown);
}

/** A history to which events are added: a product that came before moves to the end, its weights add up. */
function grownHistory(history: ShopperHistory, row: number, weight: number, at: number): ShopperHistory {
  const isOther = (_: number, entry: number): boolean => history.productRows[entry] !== row;
  const place = history.productRows.indexOf(row);
  const before = place < 0 ? 0 : history.weights[place];
  const { stars } = history;
  return {
    productRows: Uint32Array.of(...history.productRows.filter(isOther), row),
    weights: Float32Array.of(...history.weights.filter(isOther), before + weight),
    occurredAt: Float64Array.of(...history.occurredAt.filter(isOther), at),
    now: Math.max(history.now, at),
    ...(stars && {
      stars: Float32Array.of(...stars.filter(isOther), place < 0 ? Number.NaN : stars[place]),
    }),
  };
}

/**
 * Opens states of the parts that have them; the others are asked about the history as it grows. One summing serves all
 * states: it asks the parts of the state at hand.
 */
function stateOpener(
  products: Vocabulary,
  parts: readonly WeightedScorer[],
): Scorer<'openState'>['openState'] | null {
  if (parts.every(({ scorer }) => !can(scorer, 'openState'))) return null;
  let atHand: readonly (LiveState | undefined)[] = [];
  const stepping = parts.map(({ scorer, weight }, index) => ({
    weight,
    scorer: {
      products,
      scoreInto(histories: readonly ShopperHistory[], out: Float32Array) {
        const state = atHand[index];
        if (state === undefined) scorer.scoreInto(histories, out);
        else state.scoreInto(out);
      },
    },
  }));
  const summing = ensembleScorer(products, stepping);
  return opened => {
    let history = opened;
    const states = parts.map(({ scorer }) =>
      can(scorer, 'openState') ? scorer.openState(opened) : undefined,
    );
    return {
      append(productRow, weight, occurredAt) {
        history = grownHistory(history, productRow, weight, occurredAt);
        for (const state of states) state?.append(productRow, weight, occurredAt);
      },
      scoreInto(out) {
        atHand = states;
        summing.scoreInto([history], out);
      },
    };
  };
}

/**
 * The weighted sum, which takes in new products where a part reads, and steps where a part keeps states. A product that a
 * part does not know counts for it what its mean does.
 *
 * @param products - of all parts: each knows a subset, and the rows of those it knows may be others
 */
export function liveEnsemble(products: Vocabulary, parts: readonly WeightedScorer[]): Scorer {
  const alike = parts.map(({ scorer, weight }) => ({
    weight,
    scorer: hasSameRows(scorer.products, products) ? scorer : widened(scorer, products),
  }));
  const openState = stateOpener(products, alike);
  const telling = parts.map(({ scorer }) => scorer).filter(scorer => can(scorer, 'tellLiked'));
  return {
    ...ensembleScorer(products, alike),
    ...(parts.some(({ scorer }) => can(scorer, 'admit')) && {
      admit: (documents: ReadonlyMap<string, ProductDocument>) => admitted(products, parts, documents),
    }),
    ...(telling.length > 0 && {
      wasLiked: (row: number) =>
        telling.some(scorer => {
          const ownRow = scorer.products.rowOf(products.idOf(row));
          return ownRow >= 0 && scorer.wasLiked(ownRow);
        }),
    }),
    ...(openState && { openState }),
  };
}
