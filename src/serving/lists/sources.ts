import { type ProductId, toProductId, type UserId } from '../../domain/ids';
import { can, declares } from '../../models/capability';
import type { Scorer, ShopperHistory } from '../../models/model';
import { type TopK, topK } from '../../numeric/topK';
import type { Catalogue } from '../live/catalogue';
import type { ProductMask } from '../live/filter';
import { emptyHistory, type FoldedHistory, historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { VectorScan } from '../scan/vectorScan';
import type { Proposals, Proposer, Withheld } from './candidatePool';
import type { Barred, Exclusions } from './exclusions';

/** Something that proposes products for a list. */
export interface Source extends Proposer {
  /**
   * Returns its best `count` products at most. Synchronous: the scorer's scratch belongs to it meanwhile.
   *
   * @param barred - products that it may not propose
   */
  propose(count: number, barred: Barred): Proposals;
}

/** Which products a request's filters let pass. */
export interface Eligible {
  readonly catalogue: Catalogue;
  readonly mask: ProductMask;
}

/** Reads the filters when a source is asked: most requests ask only the first one. */
export type ReadEligible = () => Eligible;

/** Proposals of a source that has no score at all. */
export const noProposals: Proposals = Object.freeze({
  productIds: [],
  scores: [],
  takenScores: [],
  hasScores: false,
  withheld: [],
});

/** Sets the scores of products that the filters refuse to NaN. Returns whether any score was finite before. */
function maskScores(live: LiveModel, mask: ProductMask): boolean {
  const { scores } = live;
  const rows = live.catalogueRows();
  let hasScores = false;
  for (let row = 0; row < scores.length; row++) {
    // Infinity - Infinity is NaN: one test refuses both NaN and the infinities.
    if (!Number.isFinite(scores[row])) scores[row] = Number.NaN;
    else {
      hasScores = true;
      const listed = rows[row];
      if (listed < 0 || mask[listed] !== 1) scores[row] = Number.NaN;
    }
  }
  return hasScores;
}

/** Sets the scores of some products to NaN, and returns them as they were: one per product, NaN where there is none. */
function takeScores({ scorer, scores }: LiveModel, ids: Iterable<string>): readonly number[] {
  const before: number[] = [];
  for (const id of ids) {
    const row = scorer.products.rowOf(id);
    before.push(row < 0 ? Number.NaN : scores[row]);
    if (row >= 0) scores[row] = Number.NaN;
  }
  return before;
}

/** Excluded products with at least a score. */
function withheldOf(exclusions: Exclusions, scores: readonly number[], least: number): readonly Withheld[] {
  const withheld: Withheld[] = [];
  let at = 0;
  for (const [productId, reason] of exclusions) {
    const score = scores[at++];
    if (score >= least) withheld.push(Object.freeze({ productId, score, reason }));
  }
  return withheld;
}

/** The first `length` rows as proposals; those without a finite score are left out. */
function proposalsOf(
  { scorer }: LiveModel,
  { rows, scores }: Pick<TopK, 'rows' | 'scores'>,
  length: number,
  others: Pick<Proposals, 'takenScores' | 'hasScores' | 'withheld'>,
): Proposals {
  const productIds: ProductId[] = [];
  const own: number[] = [];
  for (let place = 0; place < length; place++) {
    if (!Number.isFinite(scores[place])) continue;
    productIds.push(toProductId(scorer.products.idOf(rows[place])));
    own.push(scores[place]);
  }
  const { takenScores, hasScores, withheld } = others;
  return { productIds, scores: own, takenScores, hasScores, withheld };
}

/** The best of the scores that a model's scratch holds. */
function bestOfScores(live: LiveModel, { mask }: Eligible, count: number, barred: Barred): Proposals {
  const hasScores = maskScores(live, mask);
  const takenScores = takeScores(live, barred.taken);
  const excludedScores = takeScores(live, barred.exclusions.keys());
  const top = topK(live.scores, count);
  const least = top.length < count ? Number.NEGATIVE_INFINITY : top.scores[top.length - 1];
  const withheld = withheldOf(barred.exclusions, excludedScores, least);
  return proposalsOf(live, top, top.length, { takenScores, hasScores, withheld });
}

/** As {@link bestOfScores}, by a search over vectors: it does not score what it may not return, so it withholds nothing. */
function bestOfScan(
  live: LiveModel,
  scan: VectorScan,
  history: ShopperHistory,
  { mask }: Eligible,
  count: number,
  { exclusions, taken }: Barred,
): Proposals {
  const found = scan.best(history, mask, [...exclusions.keys(), ...taken], count);
  if (found === null) return noProposals;
  return proposalsOf(live, found, found.rows.length, { takenScores: [], hasScores: true, withheld: [] });
}

/** The shopper that scores are for. */
export interface Shopper {
  readonly history: FoldedHistory;
  /** Key of the live state; null for a history that holds more than the store does, or that belongs to no user. */
  readonly rememberedAs: UserId | null;
}

/** A shopper of whom nothing is known. */
export const anybody: Shopper = { history: emptyHistory, rememberedAs: null };

/**
 * The best products of a model for a shopper.
 *
 * @param now - instant of the request, milliseconds since the epoch
 */
export function shopperSource(
  live: LiveModel,
  { history, rememberedAs }: Shopper,
  readEligible: ReadEligible,
  now: number,
): Source {
  const { scorer, card, scores, states, scan } = live;
  return {
    model: live,
    kind: card.servesAs,
    propose(count, barred) {
      const known = historyForScorer(history, scorer.products, now);
      if (known.productRows.length === 0 && !declares(card, 'coldStart')) return noProposals;
      if (states !== null && rememberedAs !== null) states.scoreInto(rememberedAs, known, scores);
      else if (scan !== null) return bestOfScan(live, scan, known, readEligible(), count, barred);
      else scorer.scoreInto([known], scores);
      return bestOfScores(live, readEligible(), count, barred);
    },
  };
}

/** The products most similar to one. */
export function similarSource(live: LiveModel, productId: ProductId, readEligible: ReadEligible): Source {
  const { scorer, card, scores } = live;
  return {
    model: live,
    kind: card.servesAs,
    propose(count, barred) {
      const row = scorer.products.rowOf(productId);
      if (row < 0 || !can(scorer, 'similar')) return noProposals;
      scorer.similarInto(row, scores);
      return bestOfScores(live, readEligible(), count, barred);
    },
  };
}

/** The rows of a cart's products that a model knows, each once. */
const cartRowsOf = ({ scorer }: LiveModel, cart: readonly ProductId[]): Uint32Array =>
  Uint32Array.from(new Set(cart.map(id => scorer.products.rowOf(id)).filter(row => row >= 0)));

/** Returns whether a model knows any product that was bought together with one of a cart. */
export function hasEvidence(live: LiveModel, cart: readonly ProductId[]): boolean {
  const { scorer, scores } = live;
  const cartRows = cartRowsOf(live, cart);
  if (cartRows.length === 0 || !can(scorer, 'complements')) return false;
  scorer.complementsInto(cartRows, scores);
  return scores.some(Number.isFinite);
}

/** Writes scores for a cart; the evidence of each proposal is added. */
function cartProposals(
  live: LiveModel,
  cart: readonly ProductId[],
  scoreInto: (scorer: Scorer<'complements'>, cartRows: Uint32Array, out: Float32Array) => void,
  propose: () => Proposals,
): Proposals {
  const { scorer, scores } = live;
  const cartRows = cartRowsOf(live, cart);
  if (cartRows.length === 0 || !can(scorer, 'complements')) return noProposals;
  scoreInto(scorer, cartRows, scores);
  const best = propose();
  const together = best.productIds.map(id => scorer.evidenceOf(cartRows, scorer.products.rowOf(id)));
  return Object.assign(best, { together });
}

/** Those of the proposals that one order had together with a product of the cart. */
function fromOrders({ productIds, scores, together, ...others }: Proposals): Proposals {
  const kept = productIds.map((_, place) => place).filter(place => together?.[place]?.source === 'ORDER');
  return {
    ...others,
    productIds: kept.map(place => productIds[place]),
    scores: kept.map(place => scores[place]),
    together: kept.map(place => together?.[place] ?? null),
  };
}

/**
 * The products that were bought in one order with a product of the cart, the best complements first. Products that the model does
 * not know are left out of the cart.
 */
const orderedTogetherSource = (
  live: LiveModel,
  cart: readonly ProductId[],
  readEligible: ReadEligible,
): Source => ({
  model: live,
  kind: live.card.servesAs,
  propose: (count, barred) =>
    fromOrders(
      cartProposals(
        live,
        cart,
        (scorer, rows, out) => scorer.complementsInto(rows, out),
        () => bestOfScores(live, readEligible(), count, barred),
      ),
    ),
});

/**
 * The products that are likely next in a cart by all that is known, as the gate asks for them: categories and popularity, as far as
 * little was bought together. Those with weaker evidence than an order have it, the others have none.
 */
const likelyNextSource = (
  live: LiveModel,
  cart: readonly ProductId[],
  readEligible: ReadEligible,
): Source => ({
  model: live,
  kind: live.card.servesAs,
  propose: (count, barred) =>
    cartProposals(
      live,
      cart,
      (scorer, rows, out) => scorer.scoreCartInto(rows, out),
      () => bestOfScores(live, readEligible(), count, barred),
    ),
});

/**
 * What completes a cart: first what was bought with it in one order, because such evidence can be shown; then what is likely next.
 * Weaker evidence does not lead: in a sparse shop it is one shopper's week, and ten times worse than popularity (docs/serving.md).
 */
export const cartSources = (
  models: readonly LiveModel[],
  cart: readonly ProductId[],
  readEligible: ReadEligible,
): readonly Source[] => [
  ...models.map(live => orderedTogetherSource(live, cart, readEligible)),
  ...models.map(live => likelyNextSource(live, cart, readEligible)),
];

/** The newest products: what a shop without any model can still show. Scores count down from 0. */
export const newestSource = (readEligible: ReadEligible): Source => ({
  model: null,
  kind: 'FALLBACK',
  propose(count, { exclusions, taken }) {
    const { catalogue, mask } = readEligible();
    const passedOver = new Set<string>(taken);
    const productIds: ProductId[] = [];
    const withheld: Withheld[] = [];
    for (const row of catalogue.newestFirst()) {
      if (productIds.length === count) break;
      const productId = catalogue.idOf(row);
      if (mask[row] !== 1 || passedOver.has(productId)) continue;
      const reason = exclusions.get(productId);
      if (reason === undefined) productIds.push(productId);
      else withheld.push(Object.freeze({ productId, score: -productIds.length, reason }));
    }
    const scores = productIds.map((_, place) => -place);
    return { productIds, scores, takenScores: [], hasScores: true, withheld };
  },
});
