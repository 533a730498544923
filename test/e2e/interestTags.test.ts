import { type ShopId, toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { eachWithInterests } from '../support/interestBench';

const demo: ShopId = toShopId('demo');
const bench = eachWithInterests();

const view = (now: number, user: string, product: string): Interaction => ({
  shopId: demo,
  id: toEventId(`${user}-${product}`),
  userId: toUserId(user),
  productId: toProductId(product),
  type: 'VIEW',
  value: null,
  priceMinor: null,
  queryText: null,
  sessionId: null,
  occurredAt: now,
  receivedAt: now,
  attribution: null,
});

describe('interests of a shopper', () => {
  it('have a trend, a confidence, and the events that support them', async () => {
    const track = `mutation { eventsTrack(input: { userId: "anna", events: [
      { eventId: "s1", type: SEARCH, queryText: "garden chairs", occurredAt: "2026-03-01T11:59:00Z" }] }) { accepted } }`;
    expect(await bench.ask(bench.storefront, track)).toEqual({ eventsTrack: { accepted: 1 } });
    const data = await bench.ask(
      bench.shopper,
      `{ viewer { user { interestTags(first: 3, minWeight: 0.05) { degraded pageInfo { hasNextPage } nodes {
        tag { tagId name zh: name(locale: "zh-CN") } weight trend confidence
        evidence { eventId type text productId product { title } occurredAt share } } } } } }`,
    );
    const { nodes, degraded } = (data['viewer'] as never as Record<string, Record<string, never>>)['user'][
      'interestTags'
    ] as { degraded: string | null; nodes: Record<string, never>[] };
    expect(degraded).toBeNull();
    const garden = nodes.find(({ tag }) => tag['tagId'] === 'garden') as Record<string, never>;
    // Anna's language is German. There are no German names, so English ones are returned.
    expect(garden['tag']).toEqual({ tagId: 'garden', name: 'Garden', zh: '花园' });
    expect(garden['trend']).toBe('STEADY');
    expect(garden['confidence']).toBeGreaterThan(0);
    const evidence = garden['evidence'] as { eventId: string; share: number }[];
    expect(evidence.find(({ eventId }) => eventId === 's1')).toMatchObject({
      type: 'SEARCH',
      text: 'garden chairs',
      productId: null,
      product: null,
      occurredAt: '2026-03-01T11:59:00.000Z',
    });
    expect(evidence.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(evidence.some(item => (item as never)['productId'] === 'p01')).toBe(true);
  });

  it('change immediately with a new event, without a training, and audiences follow', async () => {
    const before = await bench.weights();
    await bench.ask(
      bench.storefront,
      `mutation { eventsTrack(input: { userId: "anna", events: [
      { eventId: "b1", type: PURCHASE, productId: "p04", value: 1, occurredAt: "2026-03-01T11:59:00Z" }] }) { accepted } }`,
    );
    const after = await bench.weights();
    expect(after['garden']).toBeGreaterThan(before['garden']);
    expect(after['kitchen']).toBeLessThan(before['kitchen']);
    await bench.gateway.interests.stop();
    const saved = (await bench.gateway.stores.interests.tagsOfUsers(demo, [toUserId('anna')])).get(
      toUserId('anna'),
    );
    expect(saved?.find(({ tagId }) => tagId === 'garden')?.weight).toBeCloseTo(after['garden']);
  });

  it('include posts and comments', async () => {
    await bench.gateway.stores.social.upsertPosts(demo, [
      {
        id: 'post',
        authorId: toUserId('cleo'),
        body: '我爱打球',
        locale: 'zh',
        productIds: [],
        occurredAt: bench.gateway.clock.now,
      },
    ]);
    const data = await bench.ask(
      bench.storefront,
      '{ user(userId: "cleo") { interestTags { nodes { tag { tagId } evidence { eventId type text } } } } }',
    );
    expect(data['user']).toEqual({
      interestTags: {
        nodes: [{ tag: { tagId: 'sport' }, evidence: [{ eventId: null, type: null, text: '我爱打球' }] }],
      },
    });
  });
});

describe('a shopper', () => {
  it('is not read without consent, and their interests are deleted when consent is withdrawn', async () => {
    const anna = toUserId('anna');
    expect((await bench.gateway.stores.interests.tagsOfUsers(demo, [anna])).size).toBe(1);
    await bench.ask(
      bench.storefront,
      'mutation { consentUpdate(input: { purpose: PERSONALIZATION, granted: false, userId: "anna" }) { userErrors { code } } }',
    );
    expect((await bench.gateway.stores.interests.tagsOfUsers(demo, [anna])).size).toBe(0);
    const data = await bench.within(
      ['users.findMany', 'users.rightsOf', 'interests.tagsOf'],
      bench.storefront,
      '{ user(userId: "anna") { interestTags { degraded nodes { weight } } } }',
    );
    expect(data['user']).toEqual({ interestTags: { degraded: 'CONSENT_WITHHELD', nodes: [] } });
    bench.gateway.interests.touch(demo, [anna]);
    await bench.gateway.interests.stop();
    await bench.publish();
    expect((await bench.gateway.stores.interests.tagsOfUsers(demo, [anna])).size).toBe(0);
  });

  it('has a reason when there are no interests', async () => {
    const cold = await bench.ask(
      bench.storefront,
      '{ user(userId: "cleo") { interestTags { degraded nodes { weight } } } }',
    );
    expect(cold['user']).toEqual({ interestTags: { degraded: 'COLD_START', nodes: [] } });
  });

  it('is visible to no other shopper, and many shoppers cost as many reads as one', async () => {
    const others = await bench.ask(
      bench.shopper,
      '{ user(userId: "ben") { interestTags { nodes { weight } } } }',
    );
    expect(others['user']).toBeNull();
    const data = await bench.within(
      [
        'users.page',
        'users.rightsOf',
        'interactions.recentWithSearchesOf',
        'social.recentTextsOf',
        'interests.tagsOf',
        'products.findMany',
      ],
      bench.staff,
      '{ users(first: 3) { nodes { userId interestTags(first: 5) { nodes { weight tag { name parent { name } children { name } } evidence { product { title } } } } } } }',
    );
    expect((data['users'] as { nodes: unknown[] }).nodes).toHaveLength(3);
  });

  it('refuses arguments out of range with their names', async () => {
    for (const argument of ['first: 0', 'first: 101', 'minWeight: 1.5', 'minWeight: -1']) {
      const code = await bench.refusal(
        bench.storefront,
        `{ user(userId: "anna") { interestTags(${argument}) { nodes { weight } } } }`,
      );
      expect(code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('tags', () => {
  const tagsQuery = (args: string, fields: string) =>
    `{ interestTags(${args}) { pageInfo { hasNextPage endCursor } nodes { ${fields} } } }`;

  it('are listed with nested fields, for one read per kind', async () => {
    const data = await bench.within(
      [
        'interests.tagsOf',
        'interests.countUsers',
        'interests.pagesOfUsers',
        'interests.pagesOfProducts',
        'users.findMany',
        'products.findMany',
      ],
      bench.staff,
      tagsQuery(
        'first: 4',
        `tagId name terms productCount audienceSize parent { tagId } children { tagId } related(first: 1) { similarity tag { tagId } }
        users(first: 1) { nodes { userId weight confidence user { locale } } }
        products(first: 2, minWeight: 0.5) { pageInfo { hasNextPage } nodes { weight productId product { title } } }`,
      ),
    );
    const { nodes } = data['interestTags'] as { nodes: Record<string, never>[] };
    expect(nodes.map(({ tagId }) => tagId)).toEqual(['living', 'garden', 'kitchen', 'sport']);
    expect(nodes[0]).toMatchObject({
      name: 'Living',
      productCount: 20,
      audienceSize: 2,
      parent: null,
      children: [{ tagId: 'garden' }, { tagId: 'kitchen' }],
      related: [],
    });
    expect(nodes[1]).toMatchObject({
      parent: { tagId: 'living' },
      related: [{ similarity: 0.5, tag: { tagId: 'kitchen' } }],
      products: {
        pageInfo: { hasNextPage: true },
        nodes: [
          { productId: 'p01', weight: 1, product: { title: 'demo product 1' } },
          { productId: 'p04', weight: 1, product: { title: 'demo product 4' } },
        ],
      },
    });
    expect(nodes[1]['users']['nodes']).toHaveLength(1);
  });

  it('are found by a word in any language, and paged without gaps', async () => {
    const found = await bench.ask(bench.storefront, tagsQuery('search: "花"', 'tagId'));
    expect(found['interestTags']).toMatchObject({ nodes: [{ tagId: 'garden' }] });
    const first = await bench.ask(bench.storefront, tagsQuery('first: 3', 'tagId'));
    const { endCursor } = (first['interestTags'] as { pageInfo: { endCursor: string } }).pageInfo;
    const next = await bench.ask(bench.storefront, tagsQuery(`first: 3, after: "${endCursor}"`, 'tagId'));
    expect(next['interestTags']).toMatchObject({
      pageInfo: { hasNextPage: false },
      nodes: [{ tagId: 'sport' }],
    });
  });
});

describe('products and shoppers of tags', () => {
  it('are paged by cursors', async () => {
    const page = async (after: string) => {
      const data = await bench.ask(
        bench.staff,
        `{ interestTag(tagId: "kitchen") { products(first: 4${after}) { pageInfo { hasNextPage endCursor } nodes { productId } } } }`,
      );
      return (
        data['interestTag'] as {
          products: { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: { productId: string }[] };
        }
      ).products;
    };
    const first = await page('');
    const second = await page(`, after: "${first.pageInfo.endCursor}"`);
    expect([...first.nodes, ...second.nodes].map(({ productId }) => productId)).toEqual([
      'p03',
      'p06',
      'p09',
      'p12',
      'p15',
      'p18',
      'p21',
      'p24',
    ]);
  });

  it('are visible to staff only, as are the sizes of small audiences', async () => {
    const size = '{ interestTag(tagId: "garden") { audienceSize } }';
    expect(await bench.ask(bench.staff, size)).toEqual({ interestTag: { audienceSize: 2 } });
    expect(await bench.ask(bench.storefront, size)).toEqual({ interestTag: { audienceSize: null } });
    const many = Array.from({ length: 5 }, (_, index) => `fan-${index}`);
    await bench.gateway.stores.interactions.insertMany(
      many.map(user => view(bench.gateway.clock.now, user, 'p01')),
    );
    bench.gateway.interests.touch(demo, many.map(toUserId));
    await bench.gateway.interests.stop();
    expect(await bench.ask(bench.storefront, size)).toEqual({ interestTag: { audienceSize: 7 } });
    const users = '{ interestTag(tagId: "garden") { users { nodes { userId } } } }';
    for (const credential of [bench.storefront, bench.shopper])
      expect(await bench.refusal(credential, users)).toBe('FORBIDDEN');
  });

  it('tags of products are returned, for new products from their texts, without a read of weights', async () => {
    await bench.gateway.stores.products.upsertMany(
      demo,
      [{ id: toProductId('new'), title: 'Football' }],
      bench.gateway.clock.now,
    );
    const data = await bench.within(
      ['products.findMany', 'products.findMany', 'interests.tagsOf'],
      bench.storefront,
      `{ a: product(productId: "p10") { interestTags { weight tag { tagId name } } }
         b: product(productId: "new") { interestTags { weight tag { name } } } }`,
    );
    expect(data).toEqual({
      a: {
        interestTags: [
          { weight: 0.75, tag: { tagId: 'garden', name: 'Garden' } },
          { weight: 0.25, tag: { tagId: 'kitchen', name: 'Kitchen' } },
        ],
      },
      b: { interestTags: [{ weight: 1, tag: { name: 'Sport' } }] },
    });
  });
});
