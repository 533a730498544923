import { toProductId, toUserId, type UserId } from '../../../src/domain/ids';
import { defaultShopPolicy, type PolicyChange, shopPolicyOf } from '../../../src/domain/shopPolicy';
import type { TagWeight } from '../../../src/insights/interestTags/reading';
import { saveInterests } from '../../../src/insights/interestTags/save';
import { withInterests } from '../../../src/insights/interestTags/withInterests';
import { createInterests, type Interests } from '../../../src/serving/interestTags/interests';
import { createMemoryStores } from '../../../src/store/memory/stores';
import type { Stores } from '../../../src/store/ports/stores';
import { readSnapshot } from '../../../src/training/readSnapshot';
import { event, start } from '../../conformance/stores/promise';
import { createTestInterests, fakeLookups, fakeTags } from '../../support/fakeTags';
import { shopId } from '../support';

const [ann, bob, cy] = ['ann', 'bob', 'cy'].map(toUserId);
const readAt = start + 1_000;

async function openShop(users: readonly UserId[]) {
  const stores = createMemoryStores();
  await stores.interactions.insertMany(
    users.map(userId => event(shopId, `e-${userId}`, { userId, queryText: 'garden', occurredAt: start })),
  );
  return stores;
}

/** Interests of a shop, with a count of event loop turns during a call and the turns at which tags were read. */
async function turnsOf(
  stores: Stores,
  ask: (interests: Interests) => Promise<unknown>,
  asked: 'tagsOfProduct' | 'tagsOfText',
): Promise<readonly number[]> {
  let turn = 0;
  const turns: number[] = [];
  const counted =
    <Key>(answer: (key: Key) => readonly TagWeight[], isAsked: boolean) =>
    (key: Key): readonly TagWeight[] => {
      if (isAsked) turns.push(turn);
      return answer(key);
    };
  const tags = withInterests({
    ...fakeLookups,
    tagsOfProduct: counted(fakeLookups.tagsOfProduct, asked === 'tagsOfProduct'),
    tagsOfText: counted(fakeLookups.tagsOfText, asked === 'tagsOfText'),
  });
  const interests = createInterests({
    stores,
    liveTags: async () => tags,
    policyOf: async () => defaultShopPolicy,
    halfLifeDays: 30,
    clock: () => readAt,
    onError: error => {
      throw error;
    },
  });
  let ticking = setImmediate(function tick() {
    turn++;
    ticking = setImmediate(tick);
  });
  await ask(interests);
  await interests.stop();
  clearImmediate(ticking);
  return turns;
}

it('lets the event loop turn between shoppers when it saves interests', async () => {
  const users = [ann, bob, cy];
  const touch = async (interests: Interests) => interests.touch(shopId, users);
  const turns = await turnsOf(await openShop(users), touch, 'tagsOfProduct');
  expect(new Set(turns).size).toBe(users.length);
});

it('lets the event loop turn between the texts of a shopper', async () => {
  const stores = await openShop([ann]);
  const search = { userId: ann, productId: null, type: 'SEARCH' as const };
  await stores.interactions.insertMany(
    Array.from({ length: 40 }, (_, at) => event(shopId, `s-${at}`, { ...search, queryText: `unheard${at}` })),
  );
  const ask = async (interests: Interests) => interests.of(shopId, ann, await interests.tree(shopId), readAt);
  const turns = await turnsOf(stores, ask, 'tagsOfText');
  expect(new Set(turns).size).toBeGreaterThanOrEqual(10);
});

it("weighs events by the shop's weights, at a request and after a publication", async () => {
  const stores = await openShop([]);
  await stores.shops.upsert({ id: shopId, name: 'S', defaultLocale: 'en', currency: 'EUR' });
  await stores.interactions.insertMany([
    event(shopId, 'bought', { type: 'PURCHASE', productId: toProductId('p03'), occurredAt: start }),
    event(shopId, 'seen', { productId: toProductId('p01'), occurredAt: start }),
  ]);
  const weightsOf = (tags: readonly { readonly tagId: string; readonly weight: number }[]) =>
    Object.fromEntries(tags.map(({ tagId, weight }) => [tagId, Number(weight.toFixed(9))]));
  const asked = async (change: PolicyChange) => {
    const interests = createTestInterests({
      stores,
      policyOf: async () => shopPolicyOf(change),
      clock: () => readAt,
      onError: error => {
        throw error;
      },
    });
    const { interests: found } = await interests.of(shopId, ann, await interests.tree(shopId), readAt);
    await interests.stop();
    return weightsOf(found);
  };
  const saved = async (change: PolicyChange) => {
    await stores.shops.changePolicy(shopId, change);
    const snapshot = await readSnapshot(stores, shopId, readAt, new AbortController().signal);
    const published = { shopId, version: 'v', tags: fakeTags, snapshot, readAt };
    const history = { maxEvents: 200, halfLifeDays: 30 };
    await saveInterests({ stores, history, clock: () => readAt }, published);
    return weightsOf((await stores.interests.tagsOfUsers(shopId, [ann])).get(ann) ?? []);
  };
  const change = { 'eventWeights.VIEW': 20 };
  const usual = await saved({});
  expect(usual['kitchen']).toBeGreaterThan(usual['garden']);
  expect(await asked({})).toEqual(usual);
  const own = await asked(change);
  expect(own['garden']).toBeGreaterThan(own['kitchen']);
  expect(await saved(change)).toEqual(own);
});
