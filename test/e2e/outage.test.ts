// What is served while the database is unavailable.
import { toShopId } from '../../src/domain/ids';
import { newApiKey } from '../../src/graphql/apiKey/apiKeySecret';
import { newId } from '../../src/main/newId';
import { modelByName } from '../../src/models/registry';
import { createRecommender, type Recommender } from '../../src/serving/recommender';
import { createMemoryStores } from '../../src/store/memory/stores';
import { type FailingStores, failingStores } from '../support/failingStores';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { seedShops } from '../support/seedShops';

const startAt = Date.UTC(2026, 2, 1, 12);
const list = `recommendations(first: 5) { degraded items { nodes { product { title price { amountMinor currency } } } } }`;
const listOfAnna = `{ viewer(userId: "anna") { ${list} } }`;
const ownList = `{ viewer { ${list} } }`;

let failing: FailingStores;
let recommender: Recommender;
let gateway: TestGateway;

async function open(cachedProducts: number): Promise<void> {
  failing = failingStores(createMemoryStores());
  const { stores } = failing;
  await seedShops(stores, startAt);
  const config = { cachedProducts, reconcileMs: 0, listFlushMs: 3_600_000 };
  recommender = createRecommender({
    stores,
    loadModel: modelByName,
    newId,
    config,
    onError: () => undefined,
  });
  await recommender.start();
  gateway = await startTestGateway({
    ...{ stores, startAt, recommender: () => recommender },
    server: {
      readiness: [
        { name: 'database', isReady: () => stores.ping().then(() => true), isOptional: true },
        { name: 'models', isReady: recommender.ready },
      ],
    },
  });
}

/** Takes the database away, after everything that is cached for seconds has expired. */
function takeDatabaseAway(): void {
  gateway.clock.now += 60_000;
  failing.isDown = true;
}

afterEach(async () => {
  failing.isDown = false;
  await gateway.close();
  await recommender.stop();
});

async function storefrontKey(): Promise<string> {
  const { id, key, secretHash } = newApiKey();
  await gateway.stores.apiKeys.insert({
    ...{ shopId: toShopId('demo'), id, label: 'site', role: 'STOREFRONT', secretHash },
    ...{ createdAt: startAt, expiresAt: null, revokedAt: null, lastUsedAt: startAt + 120_000 },
  });
  return key;
}

/** The products of a list; null for a product that is missing. */
function productsOf(body: unknown): readonly ({ title: string; price: unknown } | null)[] {
  type Data = {
    data: {
      viewer: {
        recommendations: { items: { nodes: { product: { title: string; price: unknown } | null }[] } };
      };
    };
  };
  return (body as Data).data.viewer.recommendations.items.nodes.map(({ product }) => product);
}

it('lists with products and prices are served from memory, to keys and shoppers seen before', async () => {
  await open(50_000);
  const callers = [
    [await storefrontKey(), listOfAnna],
    [await gateway.token('STOREFRONT'), listOfAnna],
    [await gateway.token('SHOPPER', { user: 'anna' }), ownList],
  ];
  for (const [credential, query] of callers) expect((await gateway.ask(credential, query)).status).toBe(200);
  takeDatabaseAway();
  for (const [credential, query] of callers) {
    const answer = await gateway.ask(credential, query);
    expect([answer.status, answer.body.errors]).toEqual([200, undefined]);
    const products = productsOf(answer.body);
    expect(products).toHaveLength(5);
    for (const product of products) {
      expect(product?.title).toMatch(/^demo product/);
      expect(product?.price).toEqual({ amountMinor: expect.any(Number), currency: 'EUR' });
    }
    expect(answer.text).toContain('HISTORY_UNAVAILABLE');
  }
});

it('a product that is not in memory is an error at its place, and the others are returned', async () => {
  await open(28);
  const storefront = await gateway.token('STOREFRONT');
  await gateway.ask(storefront, listOfAnna);
  takeDatabaseAway();
  const answer = await gateway.ask(storefront, listOfAnna.replace('first: 5', 'first: 30'));
  const products = productsOf(answer.body);
  const missing = products.filter(product => product === null).length;
  expect(missing).toBeGreaterThan(0);
  expect(missing).toBeLessThan(products.length);
  expect(answer.body.errors).toHaveLength(missing);
  for (const error of answer.body.errors ?? []) expect(error.extensions['code']).toBe('UNAVAILABLE');
});

it('writes respond 503, and readiness is degraded with status 200', async () => {
  await open(50_000);
  const ingest = await gateway.token('INGEST');
  takeDatabaseAway();
  const answer = await gateway.ask(
    ingest,
    'mutation { eventsTrack(input: { userId: "anna", events: [{ eventId: "e", type: VIEW, productId: "p01" }] }) { accepted } }',
  );
  expect([answer.status, answer.body.errors?.[0].extensions['code']]).toEqual([503, 'UNAVAILABLE']);
  const ready = await fetch(`${gateway.url}/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'degraded', missing: ['database'], parts: { database: false, models: true } },
  ]);
});
