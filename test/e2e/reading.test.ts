import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
let staff: string;
let storefront: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  staff = await gateway.token('MERCHANDISER');
  storefront = await gateway.token('STOREFRONT');
  // The shop is remembered between requests: budgets are those of a warm gateway.
  await gateway.ask(staff, '{ shop { name } }');
});
afterAll(() => gateway.close());

const dataOf = (answer: Answer): never => {
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data as never;
};

/** Runs an operation and holds the store calls it makes to a budget: the very list, so that a new one is noticed. */
async function within(budget: readonly string[], credential: string, query: string, variables?: unknown) {
  gateway.counting.reset();
  const answer = await gateway.ask(credential, query, variables);
  // The fake recommender reads products by page where the real one has them in memory.
  const calls = gateway.counting.calls.filter(call => call !== 'products.page' || budget.includes(call));
  expect([...calls].sort()).toEqual([...budget].sort());
  return dataOf(answer);
}

describe('recommendations', () => {
  it('are asked for as the caller said', async () => {
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

  it('with twenty nested products cost one read of products and none of lists', async () => {
    const data = await within(
      ['products.findMany'],
      storefront,
      '{ viewer(userId: "anna") { recommendations(first: 20) { items { nodes { rank product { title price { amountMinor } } } } } } }',
    );
    expect(
      (data as { viewer: { recommendations: { items: { nodes: unknown[] } } } }).viewer.recommendations.items
        .nodes,
    ).toHaveLength(20);
  });

  it('in fifteen lists under aliases still cost one read of products', async () => {
    const lists = Array.from(
      { length: 15 },
      (_, i) =>
        `l${i}: recommendations(placement: "p${i}", first: 5) { items { nodes { product { title } } } }`,
    );
    await within(['products.findMany'], storefront, `{ viewer(userId: "anna") { ${lists.join(' ')} } }`);
  });
});

describe('a list', () => {
  it('page through one list without drift, by cursors that fit no other', async () => {
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
      await gateway.ask(storefront, '{ viewer(userId: "anna") { recommendations(first: 5) { id } } }'),
    ) as { viewer: { recommendations: { id: string } } };
    const refused = await page(other.viewer.recommendations.id, items.pageInfo.endCursor);
    expect(refused.body.errors?.[0].extensions['code']).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['strategy: "astrology"', 'strategy'],
    ['placement: ""', 'placement'],
    ['filter: { minPriceMinor: -1 }', 'filter'],
    ['excludeProductIds: [""]', 'excludeProductIds'],
    ['first: 0', 'first'],
    ['first: 101', 'first'],
  ])('refuse %s by name', async (argument, name) => {
    const answer = await gateway.ask(storefront, `{ viewer { recommendations(${argument}) { id } } }`);
    expect(answer.body.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(answer.body.errors?.[0].message).toContain(`\`${name}`);
  });
});

describe('products', () => {
  it('cost a read of the page; what is similar costs nothing more', async () => {
    await within(
      ['products.page', ...Array<string>(5).fill('products.page')],
      storefront,
      '{ products(first: 5) { nodes { title similar(first: 3) { strategy } } } }',
    );
  });

  it('cost nothing more for what is bought together, with a product or with a cart', async () => {
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
  ])('refuse the cart %.20s by name', async (cart, name) => {
    const answer = await gateway.ask(storefront, `{ frequentlyBoughtTogether(productIds: ${cart}) { id } }`);
    expect(answer.body.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(answer.body.errors?.[0].message).toContain(`\`${name}`);
  });

  it('page to the end, each once, counted only when asked', async () => {
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

  it('answer their words in the language asked for, or the nearest', async () => {
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
  it('with consents cost one read each, their events one a user', async () => {
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

  it('asked for twice are read once', async () => {
    await within(
      ['users.findMany', 'users.consentsOf', 'interactions.pageOfUser'],
      staff,
      '{ a: user(userId: "anna") { consents { granted } interactions(first: 1) { nodes { type } } } b: user(userId: "anna") { consents { purpose } interactions(first: 1) { nodes { eventId } } } }',
    );
  });
});

describe('everything else', () => {
  it('campaigns with offers, products and contacts cost one read each', async () => {
    await within(
      ['campaigns.page', 'campaigns.offersOf', 'campaigns.contactCountsOf', 'products.findMany'],
      staff,
      '{ campaigns(first: 10) { nodes { name contactCounts { treatment } offers { title products { title } } } } }',
    );
  });

  it('nodes of a kind are read together', async () => {
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
