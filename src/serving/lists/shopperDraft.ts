import type { UserId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { declares } from '../../models/capability';
import type { ServingConfig } from '../live/config';
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
import type { Reserve } from './retrieve';
import { type AskedStrategy, type SourceModels, sourceModelsOf } from './sourceModels';
import {
  cartSource,
  newestSource,
  type ReadEligible,
  type Shopper,
  type Source,
  shopperSource,
} from './sources';

function historyOf(
  request: RecommendRequest,
  reading: ShopperReading | null,
  policy: ShopPolicy,
): FoldedHistory {
  if (reading !== null && reading.kind !== 'known') return emptyHistory;
  return foldHistory(reading ?? { events: [] }, request, policy);
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

/**
 * Models that complete the cart come first, unless the request names another strategy. A named
 * non-personal strategy does not read the cart.
 */
function cartSources(
  { complements }: SourceModels,
  request: RecommendRequest,
  asked: AskedStrategy | null,
  readEligible: ReadEligible,
): readonly Source[] {
  const leads = asked === null || declares(asked, 'complements');
  if (!leads || request.cartProductIds.length === 0) return [];
  return complements.map(live => cartSource(live, request.cartProductIds, readEligible));
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
  const history = historyOf(request, reading, policy);
  const shopper = { history, rememberedAs: rememberedAs(request, reading) };
  const models = sourceModelsOf(shop.shelf.current(), config.strategies, asked);
  const hidden = readingReason(reading, models.isPersonal);
  const readEligible = eligibleUnder(shop, filters);
  const chain = models.chain.filter(live => hidden === null || live.card.servesAs === 'POPULAR');
  const complements = hidden === null ? cartSources(models, request, asked, readEligible) : [];
  const isOwn = asked === null && hidden === null;
  const filled = fillList({
    first,
    sources: [
      ...complements,
      ...chain.map(live => shopperSource(live, shopper, readEligible, now)),
      newestSource(readEligible),
    ],
    exclusions: exclusionsFor(request, history, chain.at(0)),
    repeatsAmong: repeatsOf(shop.shelf.current(), history, now),
    reserve: isOwn ? reserveOf(shop, models, shopper, readEligible, now) : null,
    newcomers: isOwn ? { every: policy.newcomers.every, met: history.products } : null,
    filterReasonOf: filterReasonsOf(shop, filters),
  });
  const wanted = complements.length > 0 ? [...models.wanted, ...models.complements] : models.wanted;
  const degraded = hidden ?? modelReason(wanted, filled.record) ?? shortReason(filled.items, first);
  return draftOf(filled, degraded, 'newest');
}
