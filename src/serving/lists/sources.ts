import { type ProductId, toProductId, type UserId } from '../../domain/ids';
import { can, declares } from '../../models/capability';
import type { ShopperHistory } from '../../models/model';
import { topK } from '../../numeric/topK';
import type { Catalogue } from '../live/catalogue';
import type { ProductMask } from '../live/filter';
import { type FoldedHistory, historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { VectorScan } from '../scan/vectorScan';
import type { Proposal, Proposals, Proposer, Withheld } from './candidatePool';
import type { Exclusions } from './exclusions';

/** Something that proposes products for a list. */
export interface Source extends Proposer {
  /**
   * Returns its best `count` products at most. Synchronous: the scorer's scratch belongs to it meanwhile.
   *
   * @param barred - products that it may not propose
   */
  propose(count: number, barred: Exclusions): Proposals;
}

/** Which products a request's filters let pass. */
export interface Eligible {
  readonly catalogue: Catalogue;
  readonly mask: ProductMask;
}

/** Reads the filters when a source is asked: most requests ask only the first one. */
export type ReadEligible = () => Eligible;

const nothing: Proposals = { items: [], hasScores: false, withheld: [] };

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

/** Sets the scores of barred products to NaN, and returns them as they were: one per barred product, NaN for none. */
function barScores({ scorer, scores }: LiveModel, barred: Exclusions): Float32Array {
  const before = new Float32Array(barred.size).fill(Number.NaN);
  let at = 0;
  for (const id of barred.keys()) {
    const row = scorer.products.rowOf(id);
    if (row >= 0) {
      before[at] = scores[row];
      scores[row] = Number.NaN;
    }
    at++;
  }
  return before;
}

/** Barred products with at least a score; those that another source took with any score. */
function withheldOf(barred: Exclusions, scores: Float32Array, least: number): readonly Withheld[] {
  const withheld: Withheld[] = [];
  let at = 0;
  for (const [productId, reason] of barred) {
    const score = scores[at++];
    const isKept = score >= least || (reason === 'TAKEN_BY_SOURCE' && !Number.isNaN(score));
    if (isKept) withheld.push({ productId, score, reason });
  }
  return withheld;
}

const proposalsOf = ({ scorer }: LiveModel, rows: Uint32Array, scores: Float32Array): Proposal[] =>
  Array.from(rows, (row, place) => ({
    productId: toProductId(scorer.products.idOf(row)),
    score: scores[place],
  }));

/** The best of the scores that a model's scratch holds. */
function bestOfScores(live: LiveModel, { mask }: Eligible, count: number, barred: Exclusions): Proposals {
  const hasScores = maskScores(live, mask);
  const barredScores = barScores(live, barred);
  const { length, rows, scores } = topK(live.scores, count);
  const items = proposalsOf(live, rows.subarray(0, length), scores);
  const least = length < count ? Number.NEGATIVE_INFINITY : scores[length - 1];
  return { items, hasScores, withheld: withheldOf(barred, barredScores, least) };
}

/** As {@link bestOfScores}, by a search over vectors: it does not score what it may not return, so it withholds nothing. */
function bestOfScan(
  live: LiveModel,
  scan: VectorScan,
  history: ShopperHistory,
  { mask }: Eligible,
  count: number,
  barred: Exclusions,
): Proposals {
  const found = scan.best(history, mask, barred.keys(), count);
  if (found === null) return nothing;
  const items = proposalsOf(live, found.rows, found.scores).filter(({ score }) => Number.isFinite(score));
  return { items, hasScores: true, withheld: [] };
}

/** Whom scores are for. */
export interface Shopper {
  readonly history: FoldedHistory;
  /** Key of the live state; null for a history that holds more than the store does, or that is nobody's. */
  readonly rememberedAs: UserId | null;
}

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
      if (known.productRows.length === 0 && !declares(card, 'coldStart')) return nothing;
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
      if (row < 0 || !can(scorer, 'similar')) return nothing;
      scorer.similarInto(row, scores);
      return bestOfScores(live, readEligible(), count, barred);
    },
  };
}

/** The products that best complete a set of products. Products that the model does not know are left out of the set. */
export function cartSource(live: LiveModel, cart: readonly ProductId[], readEligible: ReadEligible): Source {
  const { scorer, card, scores } = live;
  return {
    model: live,
    kind: card.servesAs,
    propose(count, barred) {
      const rows = new Set(cart.map(id => scorer.products.rowOf(id)).filter(row => row >= 0));
      if (rows.size === 0 || !can(scorer, 'complements')) return nothing;
      const cartRows = Uint32Array.from(rows);
      scorer.complementsInto(cartRows, scores);
      const best = bestOfScores(live, readEligible(), count, barred);
      const items = best.items.map(item => {
        const together = scorer.evidenceOf(cartRows, scorer.products.rowOf(item.productId));
        return together ? { ...item, together } : item;
      });
      return { ...best, items };
    },
  };
}

/** The newest products: what a shop without any model can still show. Scores count down from 0. */
export const newestSource = (readEligible: ReadEligible): Source => ({
  model: null,
  kind: 'FALLBACK',
  propose(count, barred) {
    const { catalogue, mask } = readEligible();
    const items: Proposal[] = [];
    const withheld: Withheld[] = [];
    for (const row of catalogue.newestFirst()) {
      if (items.length === count) break;
      if (mask[row] !== 1) continue;
      const productId = catalogue.idOf(row);
      const reason = barred.get(productId);
      const score = -items.length;
      if (reason === undefined) items.push({ productId, score });
      else withheld.push({ productId, score, reason });
    }
    return { items, hasScores: true, withheld };
  },
});
