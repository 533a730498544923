import { toCampaignId, toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import type { Stores } from '../../src/store/ports/stores';
import { fakeTags } from './fakeTags';

const hourMs = 3_600_000;

async function seedShop(stores: Stores, name: string, now: number): Promise<void> {
  const shopId = toShopId(name);
  await stores.shops.upsert({
    id: shopId,
    name: `Shop ${name}`,
    defaultLocale: 'en',
    currency: name === 'demo' ? 'EUR' : 'GBP',
  });
  const products = Array.from({ length: 30 }, (_, index) => ({
    id: toProductId(`p${String(index).padStart(2, '0')}`),
    title: `${name} product ${index}`,
    description: `Words of ${name} about ${index}`,
    locale: 'en',
    translations: { 'zh-CN': { title: `商品${index}`, description: null } },
    categoryPath: index % 2 === 0 ? ['Home', 'Kitchen'] : ['Garden'],
    tags: ['seeded'],
    priceMinor: 100 * (index + 1),
    stock: index % 5 === 0 ? 0 : 7,
    attributes: { colour: 'red' },
  }));
  await stores.products.upsertMany(shopId, products, now - 10 * hourMs);
  const users = ['anna', 'ben', 'cleo'].map(id => ({
    id: toUserId(id),
    locale: 'de',
    attributes: { tier: `${name}-${id}` },
    consents: [{ purpose: 'MARKETING' as const, granted: true, source: 'seed' }],
  }));
  await stores.users.upsertMany(shopId, users, now - 9 * hourMs);
  const rows = ['anna', 'ben'].flatMap(user =>
    Array.from(
      { length: 6 },
      (_, index): Interaction => ({
        shopId,
        id: toEventId(`${user}-${index}`),
        userId: toUserId(user),
        productId: toProductId(`p0${index}`),
        type: index === 5 ? 'PURCHASE' : 'VIEW',
        value: index === 5 ? 1 : null,
        priceMinor: 100,
        queryText: null,
        sessionId: `${name}-${user}-visit`,
        occurredAt: now - (8 - index) * hourMs,
        receivedAt: now - (8 - index) * hourMs,
        attribution: null,
      }),
    ),
  );
  await stores.interactions.insertMany(rows);
  await seedCampaigns(stores, name, now);
  await stores.interests.saveTags(
    shopId,
    fakeTags.tags.map(({ cohesion: _, ...tag }) => ({
      ...tag,
      names: { ...tag.names } as Record<string, string>,
    })),
    'tags-v1',
    now - 8 * hourMs,
  );
}

async function seedCampaigns(stores: Stores, name: string, now: number): Promise<void> {
  const shopId = toShopId(name);
  const campaignIds = ['spring', 'summer'].map(toCampaignId);
  await stores.campaigns.upsertMany(
    campaignIds.map(id => ({
      shopId,
      id,
      name: `${name} ${id}`,
      status: 'RUNNING',
      channel: 'EMAIL',
      budgetMinor: 100_000,
      holdoutRate: 0.1,
      startsAt: now - hourMs,
      endsAt: null,
      createdAt: now - 2 * hourMs,
      updatedAt: now - hourMs,
    })),
  );
  const offers = campaignIds.map(campaignId => ({
    id: `${campaignId}-offer`,
    campaignId,
    title: `Ten percent off in ${campaignId}`,
    discountRate: 0.1,
    discountMinor: null,
    productIds: [toProductId('p01'), toProductId('p02')],
    costMinor: 10,
  }));
  await stores.campaigns.upsertOffers(shopId, offers);
  const arms = [
    ['anna', 'TREATMENT'],
    ['ben', 'HOLDOUT'],
  ] as const;
  await stores.campaigns.upsertContacts(
    shopId,
    arms.map(([user, arm]) => ({
      campaignId: campaignIds[0],
      userId: toUserId(user),
      offerId: null,
      arm,
      propensity: 0.9,
      contactedAt: now - hourMs,
    })),
  );
}

/** Two shops with the same ids, so that only the shop distinguishes them. */
export async function seedShops(stores: Stores, now: number): Promise<void> {
  await seedShop(stores, 'demo', now);
  await seedShop(stores, 'rival', now);
}
