import { demoShopId } from '../../src/demo/demoShop';
import { toEventId, toProductId, type UserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { nextAction } from '../../src/insights/nextAction/insight';
import { nextActionTasks } from '../../src/insights/nextAction/network/tasks';
import { seedDemoShop } from '../../src/main/seedDemo';
import { modelByName } from '../../src/models/registry';
import { serialThreadPool } from '../../src/numeric/threadPool';
import {
  createNextActions,
  liveForecasterOf,
  type NextActions,
} from '../../src/serving/nextAction/nextAction';
import { createRecommender, type Recommender } from '../../src/serving/recommender';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { runTraining } from '../../src/training/runTraining';
import { trainableInsight } from '../../src/training/trainableInsight';

// One shop for all: the demo shop at its smallest, trained through the run and served as the gateway does.
const now = Date.UTC(2026, 0, 15);
const minute = 60_000;
let stores: Stores;
let recommender: Recommender;
let nextActions: NextActions;
let shopper: UserId;

function fail(error: unknown): void {
  throw error;
}

const open = (): NextActions =>
  createNextActions({
    stores,
    liveForecaster: liveForecasterOf(recommender.liveInsight),
    policyOf: recommender.policyOf,
    products: recommender.products,
    onError: fail,
  });

beforeAll(async () => {
  stores = createMemoryStores();
  await seedDemoShop(stores, { seed: 1, scale: 0.05, now });
  recommender = createRecommender({ stores, loadModel: modelByName, newId: () => 'list', onError: fail });
  nextActions = open();
  [{ id: shopper }] = (await stores.users.page(demoShopId, { first: 1 })).rows;
});
afterAll(async () => {
  await nextActions.stop();
  await recommender.stop();
});

const event = (id: string, type: Interaction['type'], at: number): Interaction => ({
  ...{ shopId: demoShopId, id: toEventId(id), userId: shopper, productId: toProductId('mug') },
  ...{ type, value: null, priceMinor: null, queryText: null, sessionId: 'here', attribution: null },
  ...{ occurredAt: at, receivedAt: at },
});

it('reports MODEL_NOT_TRAINED before the first training', async () => {
  expect(await nextActions.predict(demoShopId, shopper, now)).toEqual({
    forecast: null,
    degraded: 'MODEL_NOT_TRAINED',
  });
});

it('is trained by the run, served at once, and stays until the next publication', async () => {
  const run = await runTraining({
    stores,
    loadTrainable: () =>
      trainableInsight(nextAction, { rank: 8, epochs: 1, maxTreeRounds: 3, maxTreeRows: 1_000 }),
    history: { maxEvents: 200, halfLifeDays: 30 },
    job: { shopId: demoShopId, runId: 'run', model: 'next-action', seed: 1 },
    threads: serialThreadPool(nextActionTasks),
    clock: () => now,
    newId: () => 'artifact',
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  expect(run).toMatchObject({ status: 'PUBLISHED', artifactId: 'artifact' });
  await recommender.refresh(demoShopId);
  const [status] = recommender.status(demoShopId);
  expect(status).toMatchObject({ model: 'next-action', metrics: run.metrics });
  const answer = await nextActions.predict(demoShopId, shopper, now);
  expect(answer.degraded).toBeNull();
  expect(answer.forecast?.prediction.modelVersion).toBe(status.version);
  expect(answer.forecast?.servedBy).toBe((await stores.artifacts.liveOf(demoShopId))[0].config['servedBy']);
});

it('predicts probabilities that change with each event, as if the history were read again', async () => {
  const said: number[][] = [];
  for (const [index, type] of (['VIEW', 'CART_ADD', 'CART_REMOVE', 'VIEW'] as const).entries()) {
    await stores.interactions.insertMany([event(`here-${index}`, type, now + index * minute)]);
    const { forecast } = await nextActions.predict(demoShopId, shopper, now + index * minute);
    const again = open();
    expect(forecast).toEqual((await again.predict(demoShopId, shopper, now + index * minute)).forecast);
    await again.stop();
    const { actions, purchase, returnWithin } = forecast?.prediction ?? {
      actions: [],
      purchase: 0,
      returnWithin: [],
    };
    expect(actions.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
    for (const probability of [purchase, ...returnWithin]) {
      expect(probability).toBeGreaterThanOrEqual(0);
      expect(probability).toBeLessThanOrEqual(1);
    }
    said.push([...actions]);
  }
  expect(new Set(said.map(actions => JSON.stringify(actions))).size).toBe(4);
});
