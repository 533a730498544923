import { type ProductId, toProductId } from '../../domain/ids';
import type { RecommendedItem } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { can } from '../../models/capability';
import { historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { Newcomer, Newcomers } from '../live/newcomers';
import type { Blend } from './blend';
import type { Eligible, RankedShopper } from './rank';

const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;

/** NaN when there are none. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * What a newcomer has to beat: the reader's score of the median product of the list. What the shopper has met already
 * is left out, where there is anything else: a reader finds nothing as like the history as the history itself. NaN when
 * the reader knows none of them.
 */
function barOf(
  { scorer, scores }: LiveModel,
  items: readonly RecommendedItem[],
  { history }: RankedShopper,
): number {
  const known = items.filter(({ productId }) => Number.isFinite(scores[scorer.products.rowOf(productId)]));
  const unmet = known.filter(({ productId }) => !history.products.has(productId));
  const compared = unmet.length > 0 ? unmet : known;
  return medianOf(compared.map(({ productId }) => scores[scorer.products.rowOf(productId)]));
}

/** The best of them for the reader, by the scores it holds, as far as they beat a bar. NaN beats and is beaten by nothing. */
function bestOf(
  { scorer, scores }: LiveModel,
  newcomers: readonly Newcomer[],
  bar: number,
  count: number,
): ProductId[] {
  return newcomers
    .filter(({ row }) => scores[row] > bar && Number.isFinite(scores[row]))
    .sort((a, b) => scores[b.row] - scores[a.row])
    .slice(0, count)
    .map(({ row }) => toProductId(scorer.products.idOf(row)));
}

/**
 * Puts newcomers into a list: the first at rank `every`, the next at twice that. What stood there moves down, and the
 * last ones leave: the list keeps its length. A newcomer takes the score of the item before it, so that a list's scores
 * never rise.
 *
 * @param newcomers - none of which is in the list, best first; those beyond the list's end are left out
 * @param every - at least 1
 */
export function placeNewcomers(
  items: readonly RecommendedItem[],
  newcomers: readonly ProductId[],
  every: number,
): readonly RecommendedItem[] {
  const placed: RecommendedItem[] = [];
  for (let rank = 1, next = 0; rank <= items.length; rank++) {
    const arrived = rank % every === 0 ? rank / every - 1 : newcomers.length;
    if (arrived < newcomers.length) {
      const { score } = placed.at(-1) ?? items[0];
      placed.push({ productId: newcomers[arrived], rank, score, source: 'NEWCOMER' });
    } else placed.push({ ...items[next++], rank });
  }
  return placed;
}

/** Whom newcomers are offered to, and how. */
export interface NewcomerOffer {
  readonly newcomers: Newcomers;
  /** Models that may lead or read, the best measured first. */
  readonly models: readonly LiveModel[];
  readonly shopper: RankedShopper;
  readonly eligible: Eligible;
  /** The shop's: how many places newcomers have, and how long a product is one. */
  readonly places: ShopPolicy['newcomers'];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The model that can speak for newcomers in a list that another one leads, and how many places it has. */
function readerFor({ models }: NewcomerOffer, lead: LiveModel | null): LiveModel | undefined {
  // A lead that reads has given newcomers their due already, on equal terms with the others.
  if (lead === null || !models.includes(lead) || can(lead.scorer, 'admit')) return undefined;
  return models.find(({ scorer }) => can(scorer, 'admit'));
}

/**
 * Gives one place in every `places.every` of a personal list to a product that the model which leads the list knows
 * nothing of yet, where a model that reads prefers it, for this shopper, to the median product of the list. The same
 * list when there is none. At most one scoring, and none when no newcomer may be listed.
 */
export function withNewcomers(
  filled: Blend<LiveModel | null>,
  offer: NewcomerOffer,
): Blend<LiveModel | null> {
  const { newcomers, shopper, eligible, places, now } = offer;
  const { every, days } = places;
  const { items, servedBy: lead } = filled;
  const reader = readerFor(offer, lead);
  if (every < 1 || items.length < every || lead === null || reader === undefined) return filled;
  // By the hour, so that the same ones are found by many requests. A model older than that is to learn of its own too.
  const youngSince = now - (now % msPerHour) - days * msPerDay;
  const since = Math.min(youngSince, lead.record.createdAt);
  const taken = new Set(items.map(({ productId }) => productId));
  const offered = newcomers.of(lead, reader, since).filter(({ listed }) => {
    const id = eligible.catalogue.idOf(listed);
    return eligible.mask[listed] === 1 && !eligible.excluded.has(id) && !taken.has(id);
  });
  if (offered.length === 0) return filled;
  const history = historyForScorer(shopper.history, reader.scorer.products, now);
  if (history.productRows.length === 0) return filled;
  reader.scorer.scoreInto([history], reader.scores);
  const bar = barOf(reader, items, shopper);
  const best = bestOf(reader, offered, bar, Math.floor(items.length / every));
  return { ...filled, items: placeNewcomers(items, best, every) };
}
