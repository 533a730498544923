import type { DegradedReason, RecommendedItem } from '../../domain/recommendation';
import { filterReasonOf, type RecommendFilters } from '../live/filter';
import type { LiveModel } from '../live/liveModel';
import type { LiveShop } from '../live/liveShop';
import { assemble, itemsOf } from './assemble';
import { leadOf } from './candidatePool';
import { discover } from './discover';
import { diversify, type NewcomerPlaces } from './diversify';
import type { ListRecord } from './listRecord';
import type { RepeatsAmong } from './listRepeats';
import { rank } from './rank';
import { type Retrieval, retrieve } from './retrieve';
import { applyRules } from './rules';
import type { ReadEligible } from './sources';
import { topUpPolicy } from './topUpPolicy';

/** A list before it has an id. */
export interface RecommendedDraft {
  readonly items: readonly RecommendedItem[];
  /** The model that proposed most of it; null when none did: then its products are the newest. */
  readonly servedBy: LiveModel | null;
  readonly degraded: DegradedReason | null;
  readonly record: ListRecord;
}

/** What the stages make a list of. */
export interface ListPlan extends Retrieval {
  readonly newcomers: NewcomerPlaces | null;
  readonly filterReasonOf: ListRecord['filterReasonOf'];
  /** Returns when the shopper bought some products, by id; absent for a list that is for no shopper. */
  readonly repeatsAmong?: RepeatsAmong;
}

/** A list as the stages made it. */
export type FilledList = Pick<RecommendedDraft, 'items' | 'servedBy' | 'record'>;

/** A filled list as a draft. Every property is written out, because object spreads are slow in a request. */
export const draftOf = (
  { items, servedBy, record }: FilledList,
  degraded: DegradedReason | null,
): RecommendedDraft => ({ items, servedBy, degraded, record });

/** Runs the stages: retrieve → rank → rules → discover → diversify → assemble. */
export function fillList(plan: ListPlan): FilledList {
  const pool = retrieve(plan, topUpPolicy);
  const ranked = rank(pool, topUpPolicy);
  const ruled = applyRules(pool, ranked.entries, []);
  const discovered = discover(pool, ruled.entries, plan.discovery);
  const diverse = diversify(pool, discovered.entries, plan.newcomers);
  const assembled = assemble(diverse.entries, plan.first);
  const outcomes = [ranked, ruled, discovered, diverse, assembled];
  return {
    items: itemsOf(pool, assembled.entries, plan.repeatsAmong),
    servedBy: leadOf(pool.sources)?.model ?? null,
    record: { pool, outcomes, exclusions: plan.exclusions, filterReasonOf: plan.filterReasonOf },
  };
}

/** The products that may be listed under some filters, read when a source asks. */
export const eligibleUnder =
  ({ catalogue, masks }: LiveShop, filters: RecommendFilters): ReadEligible =>
  () => ({ catalogue, mask: masks.maskFor(filters) });

/** The reasons of some filters, product by product. */
export const filterReasonsOf =
  ({ catalogue, currency }: LiveShop, filters: RecommendFilters): ListRecord['filterReasonOf'] =>
  productId =>
    filterReasonOf(catalogue, filters, currency(), catalogue.rowOf(productId));

/** Why the wanted models had no part in a list; null when one had scores. */
export function modelReason(wanted: readonly LiveModel[], { pool }: ListRecord): DegradedReason | null {
  if (wanted.length === 0) return 'MODEL_NOT_TRAINED';
  const hasPart = pool.sources.some(
    ({ model, hasScores }) => hasScores && model !== null && wanted.includes(model),
  );
  return hasPart ? null : 'COLD_START';
}

/** Why a list is shorter than wanted; null when it is not. */
export const shortReason = (items: readonly RecommendedItem[], first: number): DegradedReason | null =>
  items.length < first ? 'FILTERS_TOO_NARROW' : null;
