import { demoShopId, generateDemoShop } from '../../src/demo/demoShop';

import { type SeedProgress, seedDemoShop } from '../../src/main/seedDemo';
import { createMemoryStores } from '../../src/store/memory/stores';

const now = Date.UTC(2026, 5, 20, 7, 30);
const settings = { seed: 1, scale: 0.05, now };

describe('seedDemoShop', () => {
  it('writes the complete shop to the stores', async () => {
    const stores = createMemoryStores();
    const demo = generateDemoShop(settings);
    const summary = await seedDemoShop(stores, settings);
    expect(summary.wasSeededBefore).toBe(false);
    expect(summary.eventsAccepted).toBe([...demo.events()].flat().length);
    expect(await stores.interactions.count(demoShopId)).toBe(summary.eventsAccepted);
    expect(await stores.products.count(demoShopId)).toBe(demo.products.length);
    expect(await stores.users.count(demoShopId)).toBe(demo.users.length);
    expect(await stores.social.counts(demoShopId)).toEqual({
      posts: demo.posts.length,
      reactions: demo.reactions.length,
      follows: demo.follows.length,
    });
    const counts = await stores.campaigns.contactCountsOf(
      demoShopId,
      demo.campaigns.map(({ id }) => id),
    );
    const contacts = [...counts.values()].reduce(
      (sum, { treatment, holdout }) => sum + treatment + holdout,
      0,
    );
    expect(contacts).toBe(demo.contacts.length);
  });

  it('stores products, users and consents unchanged', async () => {
    const stores = createMemoryStores();
    const demo = generateDemoShop(settings);
    await seedDemoShop(stores, settings);
    const product = demo.products[7];
    const found = (await stores.products.findMany(demoShopId, [product.id])).get(product.id);
    expect(found).toMatchObject({ title: product.title, translations: product.translations, isStub: false });
    const consent = demo.consents[0];
    const consents = await stores.users.consentsOf(demoShopId, [consent.userId]);
    expect(consents.get(consent.userId)).toContainEqual(
      expect.objectContaining({ purpose: consent.purpose, granted: consent.granted }),
    );
    expect(await stores.shops.find(demoShopId)).toMatchObject({ currency: 'CNY', defaultLocale: 'zh' });
  });
});

describe('seedDemoShop, run again', () => {
  it('adds nothing in a second run, even days later', async () => {
    const stores = createMemoryStores();
    const first = await seedDemoShop(stores, settings);
    const users = await stores.users.count(demoShopId);
    const second = await seedDemoShop(stores, { ...settings, now: now + 40 * 86_400_000 });
    expect(second).toMatchObject({
      wasSeededBefore: true,
      eventsAccepted: 0,
      eventsDuplicate: first.eventsAccepted,
    });
    expect(await stores.users.count(demoShopId)).toBe(users);
    expect((await stores.importRuns.find(demoShopId, 'demo-shop'))?.accepted).toBe(first.eventsAccepted);
  });

  it('completes an interrupted run', async () => {
    const stores = createMemoryStores();
    const { insertMany } = stores.interactions;
    let calls = 0;
    const failing = {
      ...stores,
      interactions: {
        ...stores.interactions,
        insertMany: (rows: Parameters<typeof insertMany>[0]) => {
          if (++calls > 1) return Promise.reject(new Error('stopped'));
          return insertMany(rows);
        },
      },
    };
    const larger = { ...settings, scale: 0.1 };
    await expect(seedDemoShop(failing, larger)).rejects.toThrow('stopped');
    const resumed = await seedDemoShop(stores, { ...larger, now: now + 86_400_000 });
    expect(resumed.eventsDuplicate).toBeGreaterThan(0);
    expect(resumed.eventsAccepted).toBeGreaterThan(0);
    const whole = [...generateDemoShop(larger).events()].flat().length;
    expect(await stores.interactions.count(demoShopId)).toBe(whole);
  });

  it('rejects another seed for the same shop, and reports the existing one', async () => {
    const stores = createMemoryStores();
    await seedDemoShop(stores, settings);
    await expect(seedDemoShop(stores, { ...settings, seed: 2 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('seed=1 scale=0.05'),
    });
  });

  it('reports progress stage by stage', async () => {
    const reports: SeedProgress[] = [];
    const stores = createMemoryStores();
    await seedDemoShop(stores, { ...settings, onProgress: progress => reports.push(progress) });
    const stages = reports.map(({ stage }) => stage).filter((stage, i, all) => stage !== all[i - 1]);
    expect(stages).toEqual(['catalogue', 'people', 'campaigns', 'posts', 'events']);
  });
});
