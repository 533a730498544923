import { toProductId, toShopId } from '../../src/domain/ids';
import { newId } from '../../src/main/newId';
import { baskets } from '../../src/models/baskets/model';
import { modelByName } from '../../src/models/registry';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { createRecommender, type Recommender } from '../../src/serving/recommender';
import { createMemoryStores } from '../../src/store/memory/stores';
import { publish } from '../serving/support';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { snapshotOf, type TestEvent } from '../support/snapshots';

const [demo, tiny, empty] = [toShopId('demo'), toShopId('tiny'), toShopId('empty')];
const order = (session: string, ...products: readonly string[]): TestEvent[] =>
  products.map(product => ({
    user: session,
    session,
    product: toProductId(product),
    type: 'PURCHASE' as const,
  }));

let gateway: TestGateway;
let recommender: Recommender;

async function publishBaskets(shop: ReturnType<typeof toShopId>, events: readonly TestEvent[]) {
  const artifact = await baskets({ minBaskets: 1 }).train(await snapshotOf(events), {
    seed: 1,
    threads: serialThreadPool({}),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  await publish(gateway.stores, artifact, 'v1', shop);
  await recommender.refresh(shop);
}

beforeAll(async () => {
  const stores = createMemoryStores();
  recommender = createRecommender({
    stores,
    loadModel: modelByName,
    newId,
    onError: error => {
      throw error;
    },
    config: { reconcileMs: 0 },
  });
  gateway = await startTestGateway({ stores, recommender: fake => ({ ...fake, ...recommender }) });
  for (const id of [tiny, empty])
    await stores.shops.upsert({ id, name: id, defaultLocale: 'en', currency: 'EUR' });
  const two = ['left', 'right'].map(id => ({ id: toProductId(id), title: id }));
  await stores.products.upsertMany(tiny, two, gateway.clock.now);
  await recommender.start();
  const orders = Array.from({ length: 6 }, (_, at) => order(`a${at}`, 'p01', 'p02'));
  const others = Array.from({ length: 9 }, (_, at) => order(`b${at}`, 'p05', 'p06'));
  await publishBaskets(demo, [...orders, ...others].flat());
  await publishBaskets(tiny, [...order('a', 'left', 'right'), ...order('b', 'left', 'right')]);
});
afterAll(async () => {
  await gateway.close();
  await recommender.stop();
});

interface Listed {
  readonly strategy: string;
  readonly degraded: string | null;
  readonly items: {
    readonly nodes: readonly { productId: string; source: string; togetherSource: string | null }[];
  };
}

async function together(shop: string, productIds: readonly string[], first = 6): Promise<Listed> {
  const credential = await gateway.token('SHOPPER', { shop, user: 'anna' });
  const { body } = await gateway.ask(
    credential,
    `query ($ids: [ID!]!, $first: Int!) { frequentlyBoughtTogether(productIds: $ids, first: $first) {
      strategy degraded items { nodes { productId source togetherSource } } } }`,
    { ids: productIds, first },
  );
  expect(body.errors).toBeUndefined();
  return body.data?.['frequentlyBoughtTogether'] as never;
}

it('what was bought in one order comes first, and says so; the others do not', async () => {
  const { items, degraded, strategy } = await together('demo', ['p01']);
  expect(items.nodes[0]).toEqual({ productId: 'p02', source: 'MODEL', togetherSource: 'ORDER' });
  expect(items.nodes).toHaveLength(6);
  for (const { togetherSource } of items.nodes.slice(1)) expect(togetherSource).toBeNull();
  expect({ degraded, strategy }).toEqual({ degraded: null, strategy: expect.any(String) });
});

it.each([[['p20']], [['nobody-knows-it']], [['p20', 'nobody-knows-it']]])(
  'a cart of products that nobody bought, %j, gets a list with a reason and no evidence',
  async cart => {
    const { items, degraded } = await together('demo', cart);
    expect(degraded).toBe('COLD_START');
    expect(items.nodes).toHaveLength(6);
    for (const { productId, togetherSource } of items.nodes) {
      expect(togetherSource).toBeNull();
      expect(cart).not.toContain(productId);
    }
  },
);

it('a shop of two products shows the other one, and an empty shop nothing', async () => {
  const other = await together('tiny', ['left']);
  expect(other.items.nodes).toEqual([{ productId: 'right', source: 'MODEL', togetherSource: 'ORDER' }]);
  expect(other.degraded).toBe('FILTERS_TOO_NARROW');
  expect((await together('tiny', ['left', 'right'])).items.nodes).toEqual([]);
  expect(await together('empty', ['left'])).toMatchObject({
    degraded: 'MODEL_NOT_TRAINED',
    items: { nodes: [] },
  });
});
