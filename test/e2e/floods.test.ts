import { toListId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import { startTestGateway, type TestGateway } from '../support/gateway';

const demo = toShopId('demo');
const quotas = { shopperEvents: 100, shopperLists: 3, productStubs: 5 };

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ quotas });
});
afterEach(() => gateway.close());

interface Tracked {
  readonly accepted: number;
  readonly rejected: number;
  readonly retryAfterSeconds: number | null;
  readonly results: readonly { readonly code: string | null; readonly field: string | null }[];
  readonly userErrors: readonly { readonly code: string }[];
}

async function ask<Data>(token: string, query: string, variables?: unknown): Promise<Data> {
  const { body } = await gateway.ask(token, query, variables);
  expect(body.errors).toBeUndefined();
  return body.data as Data;
}

async function track(token: string, events: readonly object[], more: object = {}): Promise<Tracked> {
  const query = `mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted rejected retryAfterSeconds
    results { code field } userErrors { code } } }`;
  const { eventsTrack } = await ask<{ eventsTrack: Tracked }>(token, query, { input: { events, ...more } });
  return eventsTrack;
}

const views = (count: number, prefix: string, productOf: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => ({
    eventId: `${prefix}-${index}`,
    type: 'VIEW',
    productId: productOf(index),
  }));
const madeUp = (index: number): string => `made-up-${index}`;
const isStub = async (id: string) =>
  (await gateway.stores.products.findMany(demo, [toProductId(id)])).get(toProductId(id))?.isStub;

describe('events of unknown products', () => {
  it('are rejected with a SHOPPER credential, and make no stub', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    const before = await gateway.stores.products.count(demo);
    const tracked = await track(anna, [...views(3, 'x', madeUp), ...views(1, 'known', () => 'p01')]);
    expect(tracked).toMatchObject({ accepted: 1, rejected: 3, retryAfterSeconds: null });
    expect(tracked.results[0]).toEqual({ code: 'PRODUCT_UNKNOWN', field: 'productId' });
    expect(await gateway.stores.products.count(demo)).toBe(before);
  });

  it('reject the whole batch of a shopper under REJECT_EVERYTHING', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    const events = [...views(1, 'known', () => 'p01'), ...views(1, 'x', madeUp)];
    const refused = await track(anna, events, { errorPolicy: 'REJECT_EVERYTHING' });
    expect(refused).toMatchObject({ accepted: 0, rejected: 2, userErrors: [{ code: 'ROWS_REJECTED' }] });
    expect(refused.results.map(({ code }) => code)).toEqual(['BATCH_REJECTED', 'PRODUCT_UNKNOWN']);
  });

  it('make stubs with a server credential, as many as the shop may per hour', async () => {
    const server = await gateway.token('INGEST');
    const twice = [...views(7, 'a', madeUp), ...views(7, 'b', madeUp)].map(event => ({
      ...event,
      userId: 'ben',
    }));
    const tracked = await track(server, twice);
    expect(tracked).toMatchObject({ accepted: 10, rejected: 4, retryAfterSeconds: 720 });
    expect(tracked.results.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(4);
    expect([await isStub('made-up-4'), await isStub('made-up-5')]).toEqual([true, undefined]);
    const known = views(50, 'c', () => 'made-up-0').map(event => ({ ...event, userId: 'ben' }));
    expect(await track(server, known)).toMatchObject({ accepted: 50, retryAfterSeconds: null });
    gateway.clock.now += 720_000;
    const later = [{ ...views(1, 'd', () => 'made-up-6')[0], userId: 'ben' }];
    expect(await track(server, later)).toMatchObject({ accepted: 1 });
  });

  it('accept a stub of a server with a SHOPPER credential', async () => {
    await track(await gateway.token('INGEST'), [{ ...views(1, 's', madeUp)[0], userId: 'ben' }]);
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    expect(await track(anna, views(1, 'own', madeUp))).toMatchObject({ accepted: 1 });
  });
});

describe('a stub', () => {
  const find = async (role: string, filter: object) => {
    const query =
      'query ($filter: ProductFilterInput) { products(first: 100, filter: $filter) { nodes { productId } totalCount } }';
    const token = await gateway.token(role);
    const { products } = await ask<{
      products: { nodes: { productId: string }[]; totalCount: number | null };
    }>(token, query, { filter });
    return { ids: products.nodes.map(({ productId }) => productId), total: products.totalCount };
  };

  it('is in no page and no search of products until it is described', async () => {
    await track(await gateway.token('INGEST'), [{ ...views(1, 's', madeUp)[0], userId: 'ben' }]);
    for (const role of ['STOREFRONT', 'MERCHANDISER', 'ADMIN']) {
      expect((await find(role, {})).ids).not.toContain('made-up-0');
      expect((await find(role, { text: 'made-up' })).ids).toEqual([]);
    }
    const { total } = await find('ADMIN', null as never);
    expect(total).toBe((await find('ADMIN', {})).ids.length);
    await gateway.stores.products.upsertMany(
      demo,
      [{ id: toProductId('made-up-0'), title: 'Mug' }],
      gateway.clock.now,
    );
    expect((await find('STOREFRONT', { text: 'made-up' })).ids).toEqual(['made-up-0']);
  });

  it('is listed for staff on request, and for nobody else', async () => {
    await track(await gateway.token('INGEST'), [{ ...views(1, 's', madeUp)[0], userId: 'ben' }]);
    expect((await find('MERCHANDISER', { isStub: true })).ids).toEqual(['made-up-0']);
    const { body } = await gateway.ask(
      await gateway.token('STOREFRONT'),
      '{ products(filter: { isStub: true }) { nodes { productId } } }',
    );
    expect(body.errors?.[0].extensions['code']).toBe('FORBIDDEN');
  });
});

describe('the events of one shopper', () => {
  it('are limited per hour, with the time after which to send the rest', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    const tracked = await track(
      anna,
      views(110, 'f', () => 'p01'),
    );
    expect(tracked).toMatchObject({ accepted: 100, rejected: 10, retryAfterSeconds: 36 });
    expect(tracked.results.at(-1)).toEqual({ code: 'RATE_LIMITED', field: '' });
    const ben = await gateway.token('SHOPPER', { user: 'ben' });
    expect(
      await track(
        ben,
        views(5, 'g', () => 'p01'),
      ),
    ).toMatchObject({ accepted: 5 });
    gateway.clock.now += 36_000;
    expect(
      await track(
        anna,
        views(2, 'h', () => 'p01'),
      ),
    ).toMatchObject({ accepted: 1, rejected: 1 });
  });

  it('are not limited when a server sends them', async () => {
    const server = await gateway.token('STOREFRONT');
    expect(
      await track(
        server,
        views(500, 's', () => 'p01'),
        { userId: 'anna' },
      ),
    ).toMatchObject({ accepted: 500 });
  });
});

describe('a list', () => {
  type Made = { listId: string; isStored: boolean; isPreview: boolean };
  const isKept = async ({ listId }: Made) =>
    (await gateway.recommender.findLists(demo, [toListId(listId)])).size === 1;
  const make = async (token: string, selection: string, user = ''): Promise<Made> =>
    (
      await ask<{ viewer: { recommendations: Made } }>(
        token,
        `{ viewer${user} { recommendations(first: 2) { listId isStored isPreview ${selection} } } }`,
      )
    ).viewer.recommendations;
  const items = 'items { nodes { rank } }';

  it('is stored only when its items are selected', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    expect(await isKept(await make(anna, ''))).toBe(false);
    expect(await isKept(await make(anna, 'items @skip(if: true) { nodes { rank } }'))).toBe(false);
    expect(await isKept(await make(anna, items))).toBe(true);
  });

  it('is stored up to the hourly number of a shopper, and served beyond it', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    const made = [];
    for (let list = 0; list < 5; list++) made.push(await make(anna, items));
    expect(made.map(({ isStored }) => isStored)).toEqual([true, true, true, false, false]);
    expect(await Promise.all(made.map(isKept))).toEqual([true, true, true, false, false]);
    gateway.clock.now += 1_200_000;
    expect((await make(anna, items)).isStored).toBe(true);
    const storefront = await gateway.token('STOREFRONT');
    for (let list = 0; list < 5; list++)
      expect((await make(storefront, items, '(userId: "anna")')).isStored).toBe(true);
  });

  it.each(['MERCHANDISER', 'ADMIN'])(
    'of a shopper that %s looks at is a preview, and never stored',
    async role => {
      const query = `{ user(userId: "anna") { recommendations(first: 2) { listId isStored isPreview ${items} } } }`;
      const { user } = await ask<{ user: { recommendations: Made } }>(await gateway.token(role), query);
      expect(user.recommendations).toMatchObject({ isPreview: true, isStored: false });
      expect(await isKept(user.recommendations)).toBe(false);
    },
  );

  it('of similar products, and of products bought together, follows the same rules', async () => {
    const query = `{ product(productId: "p01") { similar(first: 2) { listId isPreview ${items} }
      frequentlyBoughtTogether(first: 2) { listId isPreview ${items} } }
      frequentlyBoughtTogether(productIds: ["p01", "p02"], first: 2) { listId isPreview ${items} } }`;
    for (const [role, isStored] of [
      ['STOREFRONT', true],
      ['MERCHANDISER', false],
    ] as const) {
      const data = await ask<{ product: Record<string, Made>; frequentlyBoughtTogether: Made }>(
        await gateway.token(role),
        query,
      );
      for (const list of [...Object.values(data.product), data.frequentlyBoughtTogether]) {
        expect([list.isPreview, await isKept(list)]).toEqual([!isStored, isStored]);
      }
    }
  });

  it('costs its length, so that one small query cannot make hundreds', async () => {
    const many = (first: number) =>
      `{ a: products(first: 100) { nodes { similar(first: ${first}) { listId } } } b: products(first: 100) { nodes { similar(first: ${first}) { listId } } } }`;
    const { body } = await gateway.ask(await gateway.token('STOREFRONT'), many(1));
    expect(body.errors?.[0].message).toMatch(/cost/);
    const one = '{ products(first: 30) { nodes { similar(first: 4) { listId } } } }';
    await ask(await gateway.token('STOREFRONT'), one);
  });
});

it('keeps the shopper of a flood a user like any other', async () => {
  const eve = await gateway.token('SHOPPER', { user: 'eve' });
  await track(
    eve,
    views(100, 'e', () => 'p01'),
  );
  const users = await gateway.stores.users.findMany(demo, [toUserId('eve')]);
  expect(users.get(toUserId('eve'))?.isStub).toBe(true);
});
