import { type ProductId, toProductId, type UserId } from '../../domain/ids';
import type { TogetherEvidence } from '../../domain/recommendation';
import { can, declares } from '../../models/capability';
import type { ShopperHistory } from '../../models/model';
import { topK } from '../../numeric/topK';
import type { Catalogue } from '../live/catalogue';
import type { ProductMask } from '../live/filter';
import type { FoldedHistory } from '../live/history';
import { historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { VectorScan } from '../scan/vectorScan';

/** A product and what one strategy thinks of it. */
export interface Ranked {
  readonly productId: ProductId;
  /** Finite. */
  readonly score: number;
  /** Where it completes a cart. */
  readonly together?: TogetherEvidence;
}

/** What came of asking one strategy. */
export interface Ranking {
  /** Best first. */
  readonly items: readonly Ranked[];
  /** Whether it could say anything at all, before filters and exclusions. */
  readonly answered: boolean;
}

/** Which products may be ranked. */
export interface Eligible {
  readonly catalogue: Catalogue;
  readonly mask: ProductMask;
  readonly excluded: ReadonlySet<string>;
}

const nothing: Ranking = { items: [], answered: false };

/** Turns the scores of what may not be listed into NaN, and tells whether any score was finite before. */
function keepEligible(live: LiveModel, { mask, excluded }: Eligible): boolean {
  const { scores, scorer } = live;
  const rows = live.catalogueRows();
  let answered = false;
  for (let row = 0; row < scores.length; row++) {
    // Infinity - Infinity is NaN: one test refuses both NaN and the infinities.
    if (!Number.isFinite(scores[row])) scores[row] = Number.NaN;
    else {
      answered = true;
      const listed = rows[row];
      if (listed < 0 || mask[listed] !== 1) scores[row] = Number.NaN;
    }
  }
  for (const id of excluded) {
    const row = scorer.products.rowOf(id);
    if (row >= 0) scores[row] = Number.NaN;
  }
  return answered;
}

const rankedOf = ({ scorer }: LiveModel, rows: Uint32Array, scores: Float32Array): Ranked[] =>
  Array.from(rows, (row, place) => ({
    productId: toProductId(scorer.products.idOf(row)),
    score: scores[place],
  }));

function best(live: LiveModel, eligible: Eligible, count: number): Ranking {
  const answered = keepEligible(live, eligible);
  const { length, rows, scores } = topK(live.scores, count);
  return { items: rankedOf(live, rows.subarray(0, length), scores), answered };
}

/** As {@link best}, of a model that finds its best without a score for each. */
function bestByScan(
  live: LiveModel,
  scan: VectorScan,
  history: ShopperHistory,
  { mask, excluded }: Eligible,
  count: number,
): Ranking {
  const found = scan.best(history, mask, excluded, count);
  if (found === null) return nothing;
  const items = rankedOf(live, found.rows, found.scores).filter(({ score }) => Number.isFinite(score));
  return { items, answered: true };
}

/** Whom scores are for. */
export interface RankedShopper {
  readonly history: FoldedHistory;
  /** Under what a live state is remembered; null for a history that holds more than the store does, or is nobody's. */
  readonly rememberedAs: UserId | null;
}

/**
 * The `count` best eligible products for a shopper. Synchronous: the scorer's scratch belongs to it meanwhile.
 *
 * @param now - instant of the request, milliseconds since the epoch
 */
export function rankForShopper(
  live: LiveModel,
  { history, rememberedAs }: RankedShopper,
  eligible: Eligible,
  count: number,
  now: number,
): Ranking {
  const { scorer, scores, states, scan } = live;
  const known = historyForScorer(history, scorer.products, now);
  if (known.productRows.length === 0 && !declares(live.card, 'coldStart')) return nothing;
  if (states !== null && rememberedAs !== null) states.scoreInto(rememberedAs, known, scores);
  else if (scan !== null) return bestByScan(live, scan, known, eligible, count);
  else scorer.scoreInto([known], scores);
  return best(live, eligible, count);
}

/** The `count` eligible products most like one. */
export function rankLikeProduct(
  live: LiveModel,
  productId: ProductId,
  eligible: Eligible,
  count: number,
): Ranking {
  const { scorer, scores } = live;
  const row = scorer.products.rowOf(productId);
  if (row < 0 || !can(scorer, 'similar')) return nothing;
  scorer.similarInto(row, scores);
  return best(live, eligible, count);
}

/** The `count` eligible products that best complete a set of products. Those the model never saw say nothing. */
export function rankForCart(
  live: LiveModel,
  cart: readonly ProductId[],
  eligible: Eligible,
  count: number,
): Ranking {
  const { scorer, scores } = live;
  const rows = new Set(cart.map(id => scorer.products.rowOf(id)).filter(row => row >= 0));
  if (rows.size === 0 || !can(scorer, 'complements')) return nothing;
  const cartRows = Uint32Array.from(rows);
  scorer.complementsInto(cartRows, scores);
  const ranking = best(live, eligible, count);
  const items = ranking.items.map(item => {
    const together = scorer.evidenceOf(cartRows, scorer.products.rowOf(item.productId));
    return together ? { ...item, together } : item;
  });
  return { ...ranking, items };
}

/** The `count` newest eligible products: what a shop without any model can still show. Scores count down from 0. */
export function rankNewest({ catalogue, mask, excluded }: Eligible, count: number): Ranking {
  const items: Ranked[] = [];
  for (const row of catalogue.newestFirst()) {
    if (items.length === count) break;
    const productId = catalogue.idOf(row);
    if (mask[row] === 1 && !excluded.has(productId)) items.push({ productId, score: -items.length });
  }
  return { items, answered: true };
}
