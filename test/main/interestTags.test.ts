import { demoShopId } from '../../src/demo/demoShop';
import { toEventId, toProductId, toUserId } from '../../src/domain/ids';
import type { InterestTagRecord } from '../../src/domain/interest';
import { interestTags } from '../../src/insights/interestTags/insight';
import { seedDemoShop } from '../../src/main/seedDemo';
import { modelByName } from '../../src/models/registry';
import { serialThreadPool } from '../../src/numeric/threadPool';
import { createInterests, type Interests, liveTagsOf } from '../../src/serving/interestTags/interests';
import { createRecommender, type Recommender } from '../../src/serving/recommender';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { runTraining } from '../../src/training/runTraining';
import { trainableInsight } from '../../src/training/trainableInsight';
import { tagEdit } from '../support/tagEdit';

// One shop for all: trained, edited, and trained again. Tests follow each other.
const now = Date.UTC(2026, 0, 15);
let stores: Stores;
let recommender: Recommender;
let interests: Interests;

function train(seed: number): Promise<TrainingRunRecord> {
  return runTraining({
    stores,
    loadTrainable: () => trainableInsight(interestTags, { k: 16, rank: 30, resamples: 2, emIterations: 5 }),
    history: { maxEvents: 200, halfLifeDays: 30 },
    job: { shopId: demoShopId, runId: `run-${seed}`, model: 'interest-tags', seed },
    threads: serialThreadPool({}),
    clock: () => now,
    newId: () => `artifact-${seed}`,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

beforeAll(async () => {
  stores = createMemoryStores();
  await seedDemoShop(stores, { seed: 1, scale: 0.1, now });
  recommender = createRecommender({ stores, loadModel: modelByName, newId: () => 'list', onError: fail });
  interests = createInterests({
    stores,
    liveTags: liveTagsOf(recommender.liveInsight),
    policyOf: recommender.policyOf,
    halfLifeDays: 30,
    clock: () => now,
    onError: fail,
  });
  expect((await train(1)).status).toBe('PUBLISHED');
});
afterAll(async () => {
  await interests.stop();
  await recommender.stop();
});

function fail(error: unknown): void {
  throw error;
}

const leaves = async (): Promise<readonly InterestTagRecord[]> => {
  const tree = await interests.tree(demoShopId);
  return tree.tags.filter(tag => tree.isListed(tag) && tree.childrenOf(tag.id).length === 0);
};

it('a training leaves tags with names, products and an audience', async () => {
  const tags = await leaves();
  expect(tags.length).toBeGreaterThan(4);
  expect(tags.every(({ names, terms }) => Object.keys(names).length > 0 && terms.length > 0)).toBe(true);
  const groups = tags.map(({ id }) => ({ key: id, tagIds: [id] }));
  const audiences = await stores.interests.countUsers(demoShopId, groups, 0.1);
  expect([...audiences.values()].reduce((sum, size) => sum + size, 0)).toBeGreaterThan(50);
  const products = await stores.interests.pagesOfProducts(demoShopId, groups, { first: 3, minWeight: 0 });
  for (const { rows } of products.values()) expect(rows.length).toBeGreaterThan(0);
});

it('a new event changes interests without a training', async () => {
  const userId = toUserId('newcomer');
  const told = async () => interests.of(demoShopId, userId, await interests.tree(demoShopId), now);
  expect((await told()).degraded).toBe('COLD_START');
  const [tag] = await leaves();
  const page = await stores.interests.pagesOfProducts(demoShopId, [{ key: tag.id, tagIds: [tag.id] }], {
    first: 1,
    minWeight: 0,
  });
  const productId = page.get(tag.id)?.rows[0].productId ?? toProductId('none');
  const happened = { occurredAt: now, receivedAt: now, value: null, priceMinor: null, sessionId: null };
  await stores.interactions.insertMany([
    {
      ...happened,
      shopId: demoShopId,
      id: toEventId('first'),
      userId,
      productId,
      type: 'CART_ADD',
      queryText: null,
      attribution: null,
    },
  ]);
  const { interests: found, degraded } = await told();
  expect(degraded).toBeNull();
  expect(found[0]).toMatchObject({ tagId: tag.id, evidence: [{ eventId: 'event:first' }] });
});

it('edits survive a training with another seed', async () => {
  const [renamed, hidden, from, into] = await leaves();
  await stores.interests.editTag(
    demoShopId,
    tagEdit(renamed.id, { names: { zh: '我的' }, isPinned: true }),
    now,
  );
  await stores.interests.editTag(demoShopId, tagEdit(hidden.id, { isHidden: true }), now);
  await stores.interests.editTag(demoShopId, tagEdit(from.id, { mergedIntoId: into.id }), now);
  expect((await train(2)).status).toBe('PUBLISHED');
  await recommender.refresh(demoShopId);
  const tree = await interests.tree(demoShopId);
  expect(tree.find(renamed.id)).toMatchObject({ nameEdits: { zh: '我的' }, isPinned: true });
  expect(tree.isActive(renamed.id)).toBe(true);
  expect(tree.find(hidden.id)).toMatchObject({ isHidden: true, isActive: true });
  expect(tree.find(from.id)?.id).toBe(into.id);
  expect(tree.membersOf(into.id)).toContain(from.id);
  expect(
    tree.tags.filter(
      ({ isActive, modelVersion }) => isActive && modelVersion === tree.find(into.id)?.modelVersion,
    ).length,
  ).toBeGreaterThan(4);
  expect((await leaves()).map(({ id }) => id)).not.toContain(hidden.id);
});
