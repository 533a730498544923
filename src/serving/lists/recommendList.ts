import type { ProductId, UserId } from '../../domain/ids';
import type { DegradedReason, RecommendationSource } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { declares } from '../../models/capability';
import type { ModelCard } from '../../models/model';
import type { ServingConfig } from '../live/config';
import type { RecommendFilters } from '../live/filter';
import { emptyHistory, type FoldedHistory, foldHistory } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { LiveShop } from '../live/liveShop';
import type { ShopperReading } from '../live/shopper';
import { type Blend, blend, type Step } from './blend';
import { type Candidates, candidatesOf } from './candidates';
import { withNewcomers } from './newcomers';
import {
  type Eligible,
  type RankedShopper,
  type Ranking,
  rankForCart,
  rankForShopper,
  rankLikeProduct,
  rankNewest,
} from './rank';
import type { RecommendRequest, SimilarRequest, TogetherRequest } from './request';

/** A list before it has an id. */
export interface Draft {
  readonly blend: Blend<LiveModel | null>;
  readonly degraded: DegradedReason | null;
  /** What stands for the strategy where no model had a part; `newest` when left out. */
  readonly rule?: string;
}

/** The card of a strategy that the request names. */
export type AskedStrategy = Pick<ModelCard, 'name' | 'servesAs' | 'capabilities'>;

type ServingStep = Step<LiveModel | null>;

const stepOf = (
  live: LiveModel,
  source: RecommendationSource,
  rank: (count: number, taken: ReadonlySet<string>) => Ranking,
): ServingStep => ({ name: live, source, rank });

/** Newest products end every fallback list. `null` stands for them: no model made them. */
const newestStep = (eligibleBut: (taken: ReadonlySet<string>) => Eligible): ServingStep => ({
  name: null,
  source: 'FALLBACK',
  rank: (count, taken) => rankNewest(eligibleBut(taken), count),
});

const eligibility =
  (shop: LiveShop, filters: RecommendFilters) =>
  (excluded: ReadonlySet<string>): Eligible => ({
    catalogue: shop.catalogue,
    mask: shop.masks.maskFor(filters),
    excluded,
  });

/** Why the models that were wanted gave less than was asked for; null when they did not. */
function modelReason(
  wanted: readonly LiveModel[],
  answered: Blend<LiveModel | null>['answered'],
): DegradedReason | null {
  if (wanted.length === 0) return 'MODEL_NOT_TRAINED';
  return wanted.some(live => answered.has(live)) ? null : 'COLD_START';
}

/**
 * What completes the cart leads, unless the request names another strategy to ask first; lists for everybody, when such
 * a strategy was named, know no cart.
 */
function cartSteps(
  candidates: Candidates,
  request: RecommendRequest,
  asked: AskedStrategy | null,
  eligibleBut: (taken: ReadonlySet<string>) => Eligible,
): ServingStep[] {
  const leads = asked === null || declares(asked, 'complements');
  if (!leads || request.cartProductIds.length === 0) return [];
  return candidates.complements.map(live =>
    stepOf(live, live.card.servesAs, (count, taken) =>
      rankForCart(live, request.cartProductIds, eligibleBut(taken), count),
    ),
  );
}

const shortReason = (items: readonly unknown[], first: number): DegradedReason | null =>
  items.length < first ? 'FILTERS_TOO_NARROW' : null;

function historyOf(
  request: RecommendRequest,
  reading: ShopperReading | null,
  policy: ShopPolicy,
): FoldedHistory {
  if (reading !== null && reading.kind !== 'known') return emptyHistory;
  return foldHistory(reading?.events ?? [], request, policy);
}

const anybody: RankedShopper = { history: emptyHistory, rememberedAs: null };

/**
 * The shopper, when the history is what the store has: cart and current product would be taken into a state for good,
 * though the next request may not know of them.
 */
function rememberedAs(request: RecommendRequest, reading: ShopperReading | null): UserId | null {
  const hasSigns = request.cartProductIds.length > 0 || request.currentProductId !== null;
  return reading?.kind === 'known' && !hasSigns ? request.userId : null;
}

/** A shopper who withdrew consent, or of whom the store has nothing (any more), is not remembered by any model. */
function forgetUnknown(shop: LiveShop, { userId }: RecommendRequest, reading: ShopperReading | null): void {
  if (reading === null || userId === null || reading.kind === 'unavailable') return;
  if (reading.kind === 'withheld' || reading.events.length === 0) shop.forget(userId);
}

/** Without the history a list may show again what was bought: it says so also when it is not personal. */
function readingReason(reading: ShopperReading | null, isPersonal: boolean): DegradedReason | null {
  if (reading?.kind === 'withheld' && isPersonal) return 'CONSENT_WITHHELD';
  return reading?.kind === 'unavailable' ? 'HISTORY_UNAVAILABLE' : null;
}

function excludedOf(request: RecommendRequest, history: FoldedHistory): ReadonlySet<ProductId> {
  const excluded = new Set([...request.excludeProductIds, ...request.cartProductIds]);
  if (request.currentProductId !== null) excluded.add(request.currentProductId);
  for (const id of history.settled) excluded.add(id);
  return excluded;
}

/**
 * Fills a list for a shopper. Synchronous: it sees one state of models and catalogue.
 *
 * @param asked - the strategy named in the request, or null
 * @param reading - what may be known of the shopper; null for a visitor nobody knows
 */
export function draftForShopper(
  shop: LiveShop,
  request: RecommendRequest,
  asked: AskedStrategy | null,
  reading: ShopperReading | null,
  config: ServingConfig,
): Draft {
  forgetUnknown(shop, request, reading);
  const history = historyOf(request, reading, shop.policy());
  const shopper = { history, rememberedAs: rememberedAs(request, reading) };
  const candidates = candidatesOf(shop.shelf.current(), config.strategies, asked);
  const hidden = readingReason(reading, candidates.isPersonal);
  const eligibleBut = eligibility(shop, request.filters);
  const chain = candidates.chain.filter(live => hidden === null || live.card.servesAs === 'POPULAR');
  const steps = chain.map(live =>
    stepOf(live, live.card.servesAs, (count, taken) =>
      rankForShopper(live, shopper, eligibleBut(taken), count, request.now),
    ),
  );
  const complements = hidden === null ? cartSteps(candidates, request, asked, eligibleBut) : [];
  const excluded = excludedOf(request, history);
  const filled = blend([...complements, ...steps, newestStep(eligibleBut)], request.first, excluded);
  const cartModels = complements.length > 0 ? candidates.complements : [];
  const degraded =
    hidden ??
    modelReason([...candidates.wanted, ...cartModels], filled.answered) ??
    shortReason(filled.items, request.first);
  if (asked !== null || hidden !== null) return { blend: filled, degraded };
  const { wanted: models } = candidates;
  const { newcomers: places } = shop.policy();
  const offer = { newcomers: shop.newcomers, models, shopper, places, now: request.now };
  return { blend: withNewcomers(filled, { ...offer, eligible: eligibleBut(excluded) }), degraded };
}

/** The category of the product itself, when the request names none: what pads a short list should at least be of a kind. */
function nearFilters(shop: LiveShop, request: SimilarRequest): RecommendFilters {
  const row = shop.catalogue.rowOf(request.productId);
  if (row < 0 || (request.filters.category?.length ?? 0) > 0) return request.filters;
  return { ...request.filters, category: shop.catalogue.categoryPaths[shop.catalogue.category[row]] };
}

/**
 * Fills a list of products like one: models that know likeness, then popular ones of the product's own category, then
 * popular ones of any. No shopper is read.
 */
export function draftSimilar(
  shop: LiveShop,
  request: SimilarRequest,
  asked: AskedStrategy | null,
  config: ServingConfig,
): Draft {
  const candidates = candidatesOf(shop.shelf.current(), config.strategies, asked, live =>
    declares(live.card, 'similar'),
  );
  const anywhere = eligibility(shop, request.filters);
  const nearby = eligibility(shop, nearFilters(shop, request));
  const steps = candidates.chain
    .filter(live => declares(live.card, 'similar'))
    .map(live =>
      stepOf(live, live.card.servesAs, (count, taken) =>
        rankLikeProduct(live, request.productId, anywhere(taken), count),
      ),
    );
  const popular = candidates.chain.filter(
    live => declares(live.card, 'coldStart') && live.card.servesAs === 'POPULAR',
  );
  const padding = [nearby, anywhere].flatMap(eligibleBut =>
    popular.map(live =>
      stepOf(live, live.card.servesAs, (count, taken) =>
        rankForShopper(live, anybody, eligibleBut(taken), count, request.now),
      ),
    ),
  );
  const excluded = new Set([...request.excludeProductIds, request.productId]);
  const filled = blend([...steps, ...padding, newestStep(anywhere)], request.first, excluded);
  const degraded =
    modelReason(candidates.wanted, filled.answered) ?? shortReason(filled.items, request.first);
  return { blend: filled, degraded };
}

/**
 * Fills a list of what is bought together with some products. Nothing pads it: it would not be bought together. No
 * shopper is read.
 */
export function draftTogether(
  shop: LiveShop,
  request: TogetherRequest,
  asked: AskedStrategy | null,
  config: ServingConfig,
): Draft {
  const { complements } = candidatesOf(shop.shelf.current(), config.strategies, asked);
  const eligibleBut = eligibility(shop, request.filters);
  const steps: ServingStep[] = complements.map(live =>
    stepOf(live, live.card.servesAs, (count, taken) =>
      rankForCart(live, request.productIds, eligibleBut(taken), count),
    ),
  );
  const filled = blend(steps, request.first, new Set([...request.excludeProductIds, ...request.productIds]));
  const degraded = modelReason(complements, filled.answered) ?? shortReason(filled.items, request.first);
  return { blend: filled, degraded, rule: 'none' };
}
