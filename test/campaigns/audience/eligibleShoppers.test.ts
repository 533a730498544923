import {
  audienceSize,
  campaignAudience,
  eligibleShoppers,
} from '../../../src/campaigns/audience/eligibleShoppers';
import { toShopId, toUserId } from '../../../src/domain/ids';
import { createMemoryStores } from '../../../src/store/memory/stores';

const shop = toShopId('shop');
const channels = [{ channel: 'EMAIL' as const, costMinor: 1 }];
const tags = {
  find: (tagId: string) => (tagId === 'tea' ? ({ id: 'tea' } as never) : undefined),
  membersOf: (tagId: string) => [tagId, 'green-tea'],
};
const everybody = { filter: null, channels: ['EMAIL'], now: 0 } as const;

it('asks for everybody who may be contacted where the model chooses', () => {
  expect(campaignAudience({ audience: { by: 'MODEL' }, channels }, { tags, responders: null }, 0)).toEqual({
    ...{ request: everybody, problem: null },
  });
});

it('replaces tags by their members and predictions by shoppers, at any depth', () => {
  const filter = {
    not: {
      any: [{ interestTag: { tagId: 'tea', minWeight: 0.2 } }, { predictedResponse: { atLeast: 0.5 } }],
    },
  };
  const responders = (atLeast: number) => [toUserId(`above-${atLeast}`)];
  const { request } = campaignAudience(
    { audience: { by: 'FILTER', filter }, channels },
    { tags, responders },
    0,
  );
  expect(request?.filter).toEqual({
    not: {
      any: [{ interestTags: { tagIds: ['tea', 'green-tea'], minWeight: 0.2 } }, { users: ['above-0.5'] }],
    },
  });
  const { problem } = campaignAudience(
    { audience: { by: 'FILTER', filter }, channels },
    { tags, responders: null },
    0,
  );
  expect(problem?.path).toEqual(['audience', 'filter', 'not', 'any', '1', 'predictedResponse']);
});

it('estimates the size within its interval, and exactly where all were counted', async () => {
  const { audiences } = createMemoryStores();
  const sizeOf = (contactable: number, sampled: number, matched: number) =>
    audienceSize({ ...audiences, count: async () => ({ contactable, sampled, matched }) }, shop, everybody);
  expect(await sizeOf(40, 40, 7)).toEqual({ count: 7, low: 7, high: 7, contactable: 40 });
  expect(await sizeOf(0, 0, 0)).toEqual({ count: 0, low: 0, high: 0, contactable: 0 });
  // Wilson's interval of 100 of 1,000: .0829-.1201 (computed apart, in Python 3).
  expect(await sizeOf(10_000, 1_000, 100)).toEqual({
    count: 1_000,
    low: 829,
    high: 1202,
    contactable: 10_000,
  });
  expect(await sizeOf(10_000, 0, 0)).toMatchObject({ low: 0, contactable: 10_000 });
});

it('yields no shopper without consent, whatever the filter', async () => {
  const { users, audiences } = createMemoryStores();
  await users.upsertMany(shop, [{ id: toUserId('silent') }], 0);
  for (const filter of [null, { not: { users: [] } }, { users: [toUserId('silent')] }])
    for await (const batch of eligibleShoppers(audiences, shop, { ...everybody, filter }))
      expect(batch).toEqual([]);
});
