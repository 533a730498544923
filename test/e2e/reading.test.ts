import { toListId, toShopId } from '../../src/domain/ids';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let staff: string;
let storefront: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  staff = await gateway.token('MERCHANDISER');
  storefront = await gateway.token('STOREFRONT');
  // The shop is cached between requests: budgets are those of a warm gateway.
  await gateway.ask(staff, '{ shop { name } }');
});
afterAll(() => gateway.close());

const dataOf = (answer: Answer): never => {
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data as never;
};

/** Runs an operation and compares its store calls with a budget. The budget lists every call, so a new one is noticed. */
async function within(budget: readonly string[], credential: string, query: string, variables?: unknown) {
  gateway.counting.reset();
  const answer = await gateway.ask(credential, query, variables);
  // The fake recommender reads pages of products, which the real one has in memory.
  const calls = gateway.counting.calls.filter(call => call !== 'products.page' || budget.includes(call));
  expect([...calls].sort()).toEqual([...budget].sort());
  return dataOf(answer);
}

describe('recommendations', () => {
  it('are requested with the arguments of the caller', async () => {
    gateway.recommender.asked.length = 0;
    await gateway.ask(
      storefront,
      `{ viewer(userId: "ben") { recommendations(placement: "cart", first: 7, strategy: "collaborative",
        filter: { category: ["Home"], minPriceMinor: 100, maxPriceMinor: 2000, inStock: true },
        excludeProductIds: ["p02"], context: { cartProductIds: ["p01"], currentProductId: "p09" }) { id } } }`,
    );
    expect(gateway.recommender.asked).toEqual([
      {
        kind: 'recommend',
        request: {
          shopId: 'demo',
          userId: 'ben',
          placement: 'cart',
          first: 7,
          strategy: 'collaborative',
          filters: { category: ['Home'], minPriceMinor: 100, maxPriceMinor: 2000, inStock: true },
          excludeProductIds: ['p02'],
          cartProductIds: ['p01'],
          currentProductId: 'p09',
          now: gateway.clock.now,
        },
      },
    ]);
  });

  it('with 20 nested products cost one read of products, one of the language of the shopper, and none of lists', async () => {
    const data = await within(
      ['products.findMany', 'users.findMany'],
      storefront,
      '{ viewer(userId: "anna") { recommendations(first: 20) { items { nodes { rank product { title price { amountMinor } } } } } } }',
    );
    expect(
      (data as { viewer: { recommendations: { items: { nodes: unknown[] } } } }).viewer.recommendations.items
        .nodes,
    ).toHaveLength(20);
  });

  it('in 15 lists under aliases cost one read of products', async () => {
    const lists = Array.from(
      { length: 15 },
      (_, i) =>
        `l${i}: recommendations(placement: "p${i}", first: 5) { items { nodes { product { title } } } }`,
    );
    await within(['products.findMany'], storefront, `{ viewer(userId: "anna") { ${lists.join(' ')} } }`);
  });
});

describe('a list', () => {
  it('has pages that do not shift, with cursors that other connections refuse', async () => {
    const made = dataOf(
      await gateway.ask(
        storefront,
        '{ viewer(userId: "anna") { recommendations(first: 5) { id listId items(first: 2) { pageInfo { hasNextPage endCursor } nodes { productId } } } } }',
      ),
    ) as {
      viewer: { recommendations: { id: string; listId: string; items: { pageInfo: { endCursor: string } } } };
    };
    const { id, listId, items } = made.viewer.recommendations;
    const page = (list: string, after: string) =>
      gateway.ask(
        storefront,
        `{ recommendationList(id: "${list}") { items(first: 2, after: "${after}") { pageInfo { hasNextPage hasPreviousPage } nodes { rank } } } }`,
      );
    for (const given of [id, listId]) {
      expect(dataOf(await page(given, items.pageInfo.endCursor))).toEqual({
        recommendationList: {
          items: {
            pageInfo: { hasNextPage: true, hasPreviousPage: true },
            nodes: [{ rank: 3 }, { rank: 4 }],
          },
        },
      });
    }
    const other = dataOf(
      await gateway.ask(
        storefront,
        '{ viewer(userId: "anna") { recommendations(first: 5) { id items(first: 1) { nodes { rank } } } } }',
      ),
    ) as { viewer: { recommendations: { id: string } } };
    const refused = await page(other.viewer.recommendations.id, items.pageInfo.endCursor);
    expect(refused.body.errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
  });

  describe('paged by repeating the whole query', () => {
    const query = `query ($userId: ID!, $after: String) { viewer(userId: $userId) { recommendations(first: 5) {
      listId items(first: 2, after: $after) { pageInfo { endCursor hasNextPage } nodes { listId rank } } } } }`;
    interface Page {
      readonly listId: string;
      readonly items: {
        readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
        readonly nodes: readonly { readonly listId: string; readonly rank: number }[];
      };
    }
    const read = async (userId: string, after?: string) => gateway.ask(storefront, query, { userId, after });
    const pageOf = async (userId: string, after?: string): Promise<Page> =>
      (dataOf(await read(userId, after)) as { viewer: { recommendations: Page } }).viewer.recommendations;

    it('goes on with the list of the cursor, and does not store the new one', async () => {
      const first = await pageOf('anna');
      const second = await pageOf('anna', first.items.pageInfo.endCursor);
      const third = await pageOf('anna', second.items.pageInfo.endCursor);
      expect([...second.items.nodes, ...third.items.nodes]).toEqual(
        [3, 4, 5].map(rank => ({ listId: first.listId, rank })),
      );
      expect(third.items.pageInfo.hasNextPage).toBe(false);
      expect(second.listId).not.toBe(first.listId);
      const stored = await gateway.recommender.findLists(toShopId('demo'), [
        toListId(first.listId),
        toListId(second.listId),
      ]);
      expect([...stored.keys()]).toEqual([first.listId]);
    });

    it('refuses the cursor of the list of another shopper', async () => {
      const { items } = await pageOf('anna');
      const { body } = await read('ben', items.pageInfo.endCursor);
      expect(body.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
      expect(body.errors?.[0].message).toMatch(/^Expected `after` to be a cursor of a stored list/);
    });

    it('goes on with the next ranks of a preview, which is not stored', async () => {
      const preview = `query ($after: String) { user(userId: "anna") { recommendations(first: 5) {
        items(first: 2, after: $after) { pageInfo { endCursor } nodes { rank } } } } }`;
      const admin = await gateway.token('ADMIN');
      type Preview = { user: { recommendations: { items: { pageInfo: { endCursor: string } } } } };
      const first = dataOf(await gateway.ask(admin, preview)) as Preview;
      const after = first.user.recommendations.items.pageInfo.endCursor;
      expect(dataOf(await gateway.ask(admin, preview, { after }))).toMatchObject({
        user: { recommendations: { items: { nodes: [{ rank: 3 }, { rank: 4 }] } } },
      });
    });
  });

  it.each([
    ['strategy: "astrology"', 'strategy'],
    ['placement: ""', 'placement'],
    ['filter: { minPriceMinor: -1 }', 'filter'],
    ['excludeProductIds: [""]', 'excludeProductIds'],
    ['first: 0', 'first'],
    ['first: 101', 'first'],
  ])('refuses %s with its name', async (argument, name) => {
    const answer = await gateway.ask(storefront, `{ viewer { recommendations(${argument}) { id } } }`);
    expect(answer.body.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(answer.body.errors?.[0].message).toContain(`\`${name}`);
  });
});

describe('products', () => {
  it('cost one read of the page, and similar products cost no more', async () => {
    await within(
      ['products.page', ...Array<string>(5).fill('products.page')],
      storefront,
      '{ products(first: 5) { nodes { title similar(first: 3) { strategy } } } }',
    );
  });

  it('cost no more with products that are bought together, for a product or a cart', async () => {
    const data = await within(
      ['products.page', ...Array<string>(2).fill('products.page'), 'products.page'],
      storefront,
      `query ($cart: [ID!]!) {
        products(first: 2) { nodes { productId frequentlyBoughtTogether(first: 3) { placement items { nodes { productId } } } } }
        frequentlyBoughtTogether(productIds: $cart, first: 2) { items { nodes { productId } } sourceProduct { title } }
      }`,
      { cart: ['p00', 'p01'] },
    );
    expect(data).toMatchObject({
      products: { nodes: [{ frequentlyBoughtTogether: { placement: 'cart' } }, {}] },
      frequentlyBoughtTogether: {
        items: { nodes: [{ productId: 'p02' }, { productId: 'p03' }] },
        sourceProduct: null,
      },
    });
  });

  it.each([
    ['[]', 'productIds'],
    ['[""]', 'productIds'],
    [JSON.stringify(Array.from({ length: 101 }, (_, row) => `p${row}`)), 'productIds'],
  ])('refuse the cart %.20s with the name of the argument', async (cart, name) => {
    const answer = await gateway.ask(storefront, `{ frequentlyBoughtTogether(productIds: ${cart}) { id } }`);
    expect(answer.body.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(answer.body.errors?.[0].message).toContain(`\`${name}`);
  });

  it('are paged to the end, each once, and counted only when selected', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const data = (await within(
        ['products.page'],
        storefront,
        'query ($after: String) { products(first: 7, after: $after) { nodes { productId } pageInfo { hasNextPage endCursor } } }',
        { after },
      )) as {
        products: { nodes: { productId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
      seen.push(...data.products.nodes.map(({ productId }) => productId));
      after = data.products.pageInfo.hasNextPage ? data.products.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen).toHaveLength(30);
    expect(
      await within(['products.page', 'products.count'], storefront, '{ products(first: 1) { totalCount } }'),
    ).toEqual({
      products: { totalCount: 30 },
    });
  });

  it.each(['nonsense', 'bnVsbA', Buffer.from('["users",1,"x"]').toString('base64url'), 'x'.repeat(2000)])(
    'refuse the cursor %.20s',
    async after => {
      const answer = await gateway.ask(
        storefront,
        'query ($after: String) { products(after: $after) { nodes { id } } }',
        { after },
      );
      expect(answer.body.errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
    },
  );

  it('have texts in the requested language, or in the closest one', async () => {
    const data = await within(
      ['products.findMany'],
      storefront,
      '{ product(productId: "p03") { none: title a: title(locale: "zh-CN") b: title(locale: "zh-TW") c: title(locale: "fr") d: title(locale: "en-GB") } }',
    );
    const english = 'demo product 3';
    expect(data).toEqual({ product: { none: english, a: '商品3', b: '商品3', c: english, d: english } });
  });
});

describe('users', () => {
  it('with consents cost one read each; their events cost one read per user', async () => {
    await within(
      [
        'users.page',
        'users.consentsOf',
        ...Array<string>(3).fill('interactions.pageOfUser'),
        'products.findMany',
      ],
      staff,
      '{ users(first: 3) { nodes { userId consents { purpose } interactions(first: 2) { nodes { product { title } } } } } }',
    );
  });

  it('that are requested twice are read once', async () => {
    await within(
      ['users.findMany', 'users.consentsOf', 'interactions.pageOfUser'],
      staff,
      '{ a: user(userId: "anna") { consents { granted } interactions(first: 1) { nodes { type } } } b: user(userId: "anna") { consents { purpose } interactions(first: 1) { nodes { eventId } } } }',
    );
  });
});

describe('other queries', () => {
  it('for campaigns with offers, products and contacts cost one read each', async () => {
    await within(
      ['campaigns.page', 'campaigns.offersOf', 'campaigns.contactCountsOf', 'products.findMany'],
      staff,
      '{ campaigns(first: 10) { nodes { name contactCounts { treatment } offers { title products { title } } } } }',
    );
  });

  it('nodes of one kind are read together', async () => {
    const ids = ['Product:p01', 'Product:p02', 'User:anna', 'User:ben', 'Shop:demo'].map(text =>
      Buffer.from(text).toString('base64url'),
    );
    await within(
      ['products.findMany', 'users.findMany'],
      staff,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids },
    );
  });

  it.each(['', 'x', 'UHJvZHVjdDo', 'UHJvZHVjdDpwMDE=', Buffer.from('Secret:1').toString('base64url')])(
    'the id %p is no node',
    async id => {
      expect(await within([], staff, 'query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({
        node: null,
      });
    },
  );

  it('models, readiness and runs cost one read each, or none', async () => {
    const data = await within(
      ['artifacts.page', 'trainingRuns.page'],
      staff,
      '{ modelReadiness { model isReady refused } models { nodes { model } } trainingRuns { nodes { model } } }',
    );
    expect(data).toMatchObject({
      modelReadiness: [
        { model: 'popularity', isReady: true, refused: null },
        { model: 'collaborative', isReady: false, refused: 'ARTIFACT_DAMAGED' },
      ],
    });
  });
});
