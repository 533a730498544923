import type { UserId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { declares } from '../../models/capability';
import type { ServingConfig } from '../live/config';
import { answerInstantOf } from '../live/eventsEnd';
import { emptyHistory, type FoldedHistory, foldHistory } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { LiveShop } from '../live/liveShop';
import type { ShopperReading } from '../live/shopper';
import {
  draftOf,
  eligibleUnder,
  fillList,
  filterReasonsOf,
  modelReason,
  type RecommendedDraft,
  shortReason,
} from './draft';
import { type Exclusions, exclusionsOf } from './exclusions';
import { isBoughtAgain, repeatsOf } from './listRepeats';
import { newcomerSource } from './newcomerSource';
import type { RecommendRequest } from './request';
import type { Discovery, Reserve } from './retrieve';
import { type AskedStrategy, type SourceModels, sourceModelsOf } from './sourceModels';
import {
  cartSources,
  newestSource,
  noProposals,
  type ReadEligible,
  type Shopper,
  type Source,
  shopperSource,
} from './sources';

function historyOf(
  { cartProductIds, currentProductId }: RecommendRequest,
  reading: ShopperReading | null,
  policy: ShopPolicy,
  now: number,
): FoldedHistory {
  if (reading !== null && reading.kind !== 'known') return emptyHistory;
  return foldHistory(reading ?? { events: [] }, { cartProductIds, currentProductId, now }, policy);
}

/**
 * The shopper, when the history is what the store has. A live state would keep the cart and the current product, which
 * the next request may not name.
 */
function rememberedAs(request: RecommendRequest, reading: ShopperReading | null): UserId | null {
  const hasContext = request.cartProductIds.length > 0 || request.currentProductId !== null;
  return reading?.kind === 'known' && !hasContext ? request.userId : null;
}

/** Removes live states of a shopper who is deactivated, withdrew consent or has no stored events. */
function forgetUnknown(shop: LiveShop, { userId }: RecommendRequest, reading: ShopperReading | null): void {
  if (reading === null || userId === null || reading.kind === 'unavailable') return;
  if (reading.kind !== 'known' || reading.events.length === 0) shop.forget(userId);
}

/** Why the history could not be used. Without it a list may show purchases again, so a non-personal list has the reason, too. */
function readingReason(reading: ShopperReading | null, isPersonal: boolean): DegradedReason | null {
  if (reading?.kind === 'withheld' && isPersonal) return 'CONSENT_WITHHELD';
  if (reading?.kind === 'deactivated') return 'USER_DEACTIVATED';
  return reading?.kind === 'unavailable' ? 'HISTORY_UNAVAILABLE' : null;
}

/**
 * The products that a list leaves out. The model that leads it decides about purchases where the rule is LEARNED: without a model
 * that knows repeats, whatever was bought is left out.
 */
function exclusionsFor(
  request: RecommendRequest,
  { settled, settledOnce }: FoldedHistory,
  lead: LiveModel | undefined,
): Exclusions {
  const { cartProductIds, currentProductId, excludeProductIds } = request;
  const boughtOnce = [...settledOnce].filter(id => lead === undefined || !isBoughtAgain(lead, id));
  return exclusionsOf({
    alreadySeen: [...settled, ...boughtOnce],
    inContext: currentProductId === null ? cartProductIds : [...cartProductIds, currentProductId],
    byRequest: excludeProductIds,
  });
}

/** The source, proposing only for the first places of a list, so that other sources have the rest. */
const forPlaces = (source: Source, places: number): Source => ({
  ...source,
  propose(count, barred) {
    const left = Math.min(count, places - barred.taken.length);
    return left > 0 ? source.propose(left, barred) : noProposals;
  },
});

/**
 * Models that complete the cart have the first half of the places, or all of them where the request names one, unless it names another
 * strategy. A named non-personal strategy does not read the cart. The half was measured (docs/serving.md): such models score all
 * products, so that without it nothing of the shopper's own would be listed.
 */
function completing(
  { complements }: SourceModels,
  request: RecommendRequest,
  asked: AskedStrategy | null,
  readEligible: ReadEligible,
): readonly Source[] {
  const leads = asked === null || declares(asked, 'complements');
  if (!leads || request.cartProductIds.length === 0) return [];
  const { first, cartProductIds } = request;
  const places = asked === null ? Math.ceil(first / 2) : first;
  return cartSources(complements, cartProductIds, readEligible).map(source => forPlaces(source, places));
}

/** Places for products that the shopper never bought; none where they bought nothing, or the shop keeps none. */
function discoveryOf({ discovery: { every } }: ShopPolicy, { purchases }: FoldedHistory): Discovery | null {
  return every < 1 || purchases.bought.size === 0 ? null : { every, bought: purchases.bought };
}

/** Places for newcomers in a shopper's own list. */
function reserveOf(
  shop: LiveShop,
  models: SourceModels,
  shopper: Shopper,
  readEligible: ReadEligible,
  now: number,
): Reserve {
  const { newcomers } = shop;
  const { every, days } = shop.policy().newcomers;
  const offer = { newcomers, models: models.wanted, shopper, readEligible, days, now };
  return { every, sourceFor: lead => newcomerSource(offer, lead) };
}

/**
 * Makes a list for a shopper. Synchronous: it sees one state of models and catalogue.
 *
 * @param asked - the strategy named in the request, or null
 * @param reading - what may be known of the shopper; null for an anonymous visitor
 */
export function draftForShopper(
  shop: LiveShop,
  request: RecommendRequest,
  asked: AskedStrategy | null,
  reading: ShopperReading | null,
  config: ServingConfig,
): RecommendedDraft {
  const { first, filters, now } = request;
  forgetUnknown(shop, request, reading);
  const policy = shop.policy();
  const asOf = reading?.kind === 'known' ? answerInstantOf(shop, reading.events, now) : now;
  const history = historyOf(request, reading, policy, asOf);
  const shopper = { history, rememberedAs: rememberedAs(request, reading) };
  const models = sourceModelsOf(shop.shelf.current(), config.strategies, asked);
  const hidden = readingReason(reading, models.isPersonal);
  const readEligible = eligibleUnder(shop, filters);
  const chain = models.chain.filter(live => hidden === null || live.card.servesAs === 'POPULAR');
  const complements = hidden === null ? completing(models, request, asked, readEligible) : [];
  const isOwn = asked === null && hidden === null;
  const filled = fillList({
    first,
    sources: [
      ...complements,
      ...chain.map(live => shopperSource(live, shopper, readEligible, asOf)),
      newestSource(readEligible),
    ],
    exclusions: exclusionsFor(request, history, chain.at(0)),
    repeatsAmong: repeatsOf(shop.shelf.current(), history, asOf),
    reserve: isOwn ? reserveOf(shop, models, shopper, readEligible, now) : null,
    discovery: isOwn ? discoveryOf(policy, history) : null,
    newcomers: isOwn ? { every: policy.newcomers.every, met: history.products } : null,
    filterReasonOf: filterReasonsOf(shop, filters),
  });
  const wanted = complements.length > 0 ? [...models.wanted, ...models.complements] : models.wanted;
  const degraded = hidden ?? modelReason(wanted, filled.record) ?? shortReason(filled.items, first);
  return draftOf(filled, degraded);
}
