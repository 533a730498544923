import type { ProductUse } from '../../domain/audience';
import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import { isContactable } from '../../domain/subscription';
import type { User } from '../../domain/user';
import type { AudienceRequest, AudienceStore, EligibleShopper, StoredFilter } from '../ports/audience';
import type { Stores } from '../ports/stores';
import { compareText } from './order';

const dayMs = 86_400_000;
const allRows = 1_000_000;

/** The stores that know who may be contacted and what shoppers did. */
export type AudienceSources = Pick<
  Stores,
  'users' | 'subscriptions' | 'interests' | 'interactions' | 'products'
>;

/** What the conditions of a filter are tried on. */
interface Evidence {
  readonly user: User;
  readonly events: readonly Interaction[];
  readonly products: ReadonlyMap<string, Product>;
  readonly tagWeights: ReadonlyMap<string, number>;
  readonly now: number;
}

const isBelow = (path: readonly string[], category: readonly string[]): boolean =>
  category.every((level, place) => path[place] === level);

function eventsOf(
  { events, now }: Evidence,
  type: Interaction['type'],
  days: number | null,
): readonly Interaction[] {
  const since = days === null ? Number.NEGATIVE_INFINITY : now - days * dayMs;
  return events.filter(event => event.type === type && event.occurredAt > since && event.occurredAt <= now);
}

const isUsed = (
  evidence: Evidence,
  type: Interaction['type'],
  { productIds, categories, days }: ProductUse,
): boolean =>
  eventsOf(evidence, type, days).some(({ productId }) => {
    if (productId === null) return false;
    const path = evidence.products.get(productId)?.categoryPath ?? [];
    return productIds.includes(productId) || categories.some(category => isBelow(path, category));
  });

function sumOfTags({ tagWeights }: Evidence, tagIds: readonly string[]): number {
  const weights = tagIds.flatMap(id => tagWeights.get(id) ?? []);
  return weights.length === 0 ? Number.NaN : weights.reduce((sum, weight) => sum + weight, 0);
}

function isLastOrderBetween(
  evidence: Evidence,
  {
    olderThanDays,
    newerThanDays,
  }: { readonly olderThanDays: number | null; readonly newerThanDays: number | null },
): boolean {
  const orders = eventsOf(evidence, 'PURCHASE', null);
  if (orders.length === 0) return false;
  const age = evidence.now - Math.max(...orders.map(({ occurredAt }) => occurredAt));
  return (
    (olderThanDays === null || age >= olderThanDays * dayMs) &&
    (newerThanDays === null || age < newerThanDays * dayMs)
  );
}

function isLeafMet(filter: StoredFilter, evidence: Evidence): boolean {
  if ('interestTags' in filter)
    return sumOfTags(evidence, filter.interestTags.tagIds) >= filter.interestTags.minWeight;
  if ('bought' in filter) return isUsed(evidence, 'PURCHASE', filter.bought);
  if ('viewed' in filter) return isUsed(evidence, 'VIEW', filter.viewed);
  if ('lastOrder' in filter) return isLastOrderBetween(evidence, filter.lastOrder);
  if ('orders' in filter) {
    const times = eventsOf(evidence, 'PURCHASE', filter.orders.days).map(({ occurredAt }) => occurredAt);
    return new Set(times).size >= filter.orders.atLeast;
  }
  if ('attribute' in filter) {
    const value = evidence.user.attributes[filter.attribute.name];
    return Array.isArray(value)
      ? value.some(entry => entry === filter.attribute.equals)
      : value === filter.attribute.equals;
  }
  return 'users' in filter && filter.users.includes(evidence.user.id);
}

function isMet(filter: StoredFilter, evidence: Evidence): boolean {
  if ('all' in filter) return filter.all.every(part => isMet(part, evidence));
  if ('any' in filter) return filter.any.some(part => isMet(part, evidence));
  if ('not' in filter) return !isMet(filter.not, evidence);
  return isLeafMet(filter, evidence);
}

async function channelsOf(
  { users, subscriptions }: AudienceSources,
  shopId: ShopId,
  { id, deactivatedAt }: User,
  { channels }: AudienceRequest,
) {
  const consents = (await users.consentsOf(shopId, [id])).get(id) ?? [];
  const answerTo = (wanted: string): boolean | null =>
    consents.find(({ purpose }) => purpose === wanted)?.granted ?? null;
  if (deactivatedAt !== null || answerTo('PERSONALIZATION') === false) return [];
  const chosen = (await subscriptions.of(shopId, [id])).get(id) ?? [];
  const subscriptionTo = (wanted: string) => chosen.find(({ channel }) => channel === wanted);
  return channels.filter(channel => isContactable(answerTo('MARKETING'), subscriptionTo(channel)));
}

async function evidenceOf(
  { interests, interactions, products }: AudienceSources,
  shopId: ShopId,
  user: User,
  now: number,
): Promise<Evidence> {
  const { rows: events } = await interactions.pageOfUser(shopId, user.id, { first: allRows });
  const ids = [...new Set(events.flatMap(({ productId }) => productId ?? []))];
  const tags = (await interests.tagsOfUsers(shopId, [user.id])).get(user.id) ?? [];
  return {
    user,
    events,
    products: await products.findMany(shopId, ids),
    tagWeights: new Map(tags.map(({ tagId, weight }) => [tagId, weight])),
    now,
  };
}

/** Creates the in-memory store of audiences. Its cost grows with all events of all shoppers: it is for tests and small shops. */
export function createMemoryAudiences(sources: AudienceSources): AudienceStore {
  const { users } = sources;

  async function matches(shopId: ShopId, user: User, { filter, now }: AudienceRequest): Promise<boolean> {
    return filter === null || isMet(filter, await evidenceOf(sources, shopId, user, now));
  }

  async function contactable(shopId: ShopId, request: AudienceRequest) {
    const { rows } = await users.page(shopId, { first: allRows });
    const found = await Promise.all(
      rows.map(async user => ({ user, channels: await channelsOf(sources, shopId, user, request) })),
    );
    return found
      .filter(({ channels }) => channels.length > 0)
      .sort((left, right) => compareText(left.user.id, right.user.id));
  }

  async function eligible(shopId: ShopId, request: AudienceRequest): Promise<readonly EligibleShopper[]> {
    const found: EligibleShopper[] = [];
    for (const { user, channels } of await contactable(shopId, request))
      if (await matches(shopId, user, request))
        found.push({ userId: user.id, channels, attributes: user.attributes });
    return found;
  }

  return {
    async *scan(shopId, request) {
      const found = await eligible(shopId, request);
      if (found.length > 0) yield found;
    },
    async find(shopId, userId: UserId, request) {
      const user = (await users.findMany(shopId, [userId])).get(userId);
      if (user === undefined) return null;
      const channels = await channelsOf(sources, shopId, user, request);
      if (channels.length === 0 || !(await matches(shopId, user, request))) return null;
      return { userId, channels, attributes: user.attributes };
    },
    async count(shopId, request, limit) {
      const all = await contactable(shopId, request);
      const withheld = await users.withholding(shopId, 'ANALYTICS');
      const tried = all.filter(({ user }) => !withheld.has(user.id)).slice(0, limit);
      const met = await Promise.all(tried.map(({ user }) => matches(shopId, user, request)));
      return { contactable: all.length, sampled: tried.length, matched: met.filter(Boolean).length };
    },
  };
}
